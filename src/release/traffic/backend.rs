//! Whether a command asks somebody outside its own Pod.

use crate::release::pod::command::base_name;
use crate::release::pod::container::Container;
use crate::release::pod::port::PortRef;

/// Clients of databases and brokers, with the port on which their server listens. Without a
/// host they ask the machine that they run on.
const CLIENTS: [(&str, i64); 12] = [
    ("psql", 5432),
    ("pg_isready", 5432),
    ("mysql", 3306),
    ("mysqladmin", 3306),
    ("mariadb", 3306),
    ("mariadb-admin", 3306),
    ("redis-cli", 6379),
    ("valkey-cli", 6379),
    ("mongo", 27017),
    ("mongosh", 27017),
    ("rabbitmqctl", 5672),
    ("rabbitmq-diagnostics", 5672),
];

/// A question to somebody outside the Pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backend<'a> {
    /// The program that asks.
    pub program: &'a str,
    /// Whom it asks, where that is said.
    pub host: Option<&'a str>,
}

/// Where a host is, as far as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the Pod itself.
    Own,
    /// Elsewhere.
    Other,
    /// A variable says where.
    Variable,
    /// It cannot be told.
    Unknown,
}

impl<'a> Container<'a> {
    /// The backend that a program asks when it runs in this container, if it asks one.
    #[must_use]
    pub fn backend_of(self, program: &[&'a str]) -> Option<Backend<'a>> {
        let name = base_name(program.first()?);
        if let Some((_, port)) = CLIENTS.into_iter().find(|(client, _)| *client == name) {
            return self.asked_by_client(name, program, port);
        }
        match name {
            "curl" | "wget" => request_host(program),
            "nc" | "ncat" | "netcat" => connection_host(program),
            _ => return asks_broker(program).then_some(Backend { program: "celery", host: None }),
        }
        .filter(|host| place(host) == Place::Other)
        .map(|host| Backend { program: name, host: Some(host) })
    }

    fn asked_by_client(self, name: &'a str, program: &[&'a str], port: i64) -> Option<Backend<'a>> {
        let host = host_option(program);
        let is_elsewhere = match host.map(place) {
            Some(Place::Own | Place::Unknown) => false,
            Some(Place::Other) => true,
            Some(Place::Variable) => !self.is_database(),
            // What a variable or another command puts in may hold a host.
            None => !self.pod_has_server(port) && !program.iter().any(|word| word.starts_with('$')),
        };
        is_elsewhere.then_some(Backend { program: name, host })
    }

    /// Whether a container of its Pod is a database or declares the port of one.
    fn pod_has_server(self, port: i64) -> bool {
        let is_server = |container: Container<'_>| container.is_database() || container.declares(PortRef::Number(port));
        self.workload().running_containers().any(is_server)
    }
}

/// Whether it is `celery … inspect` or `celery … status`: workers answer those by the broker.
fn asks_broker(program: &[&str]) -> bool {
    let celery = program.iter().position(|word| base_name(word) == "celery");
    celery.is_some_and(|at| program[at..].iter().any(|word| matches!(*word, "inspect" | "status")))
}

/// The host that a client is given as an option, or in a URL.
fn host_option<'a>(program: &[&'a str]) -> Option<&'a str> {
    let mut words = program.iter().copied().skip(1);
    while let Some(word) = words.next() {
        if matches!(word, "-h" | "--host") {
            return Some(words.next().unwrap_or_default());
        }
        let short = word.strip_prefix("-h").filter(|rest| !rest.starts_with('e'));
        if let Some(host) = word.strip_prefix("--host=").or(short).or_else(|| url_host(word)) {
            return Some(host);
        }
        let socket = if program[0].ends_with("-cli") { "-s" } else { "-S" };
        if word == socket || word.starts_with("--socket") {
            return Some("localhost");
        }
    }
    None
}

/// The host of the first URL among the words of a web client.
fn request_host<'a>(program: &[&'a str]) -> Option<&'a str> {
    let is_web = |word: &&&str| word.starts_with("http://") || word.starts_with("https://");
    program.iter().find(is_web).and_then(|url| url_host(url))
}

/// The host of `nc … HOST PORT`.
fn connection_host<'a>(program: &[&'a str]) -> Option<&'a str> {
    let words: Vec<_> = program.iter().copied().take_while(|word| !word.contains(['<', '>'])).collect();
    match words.as_slice() {
        [_, .., host, port] if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => Some(host),
        _ => None,
    }
}

/// The host of a URL, without user, password and port.
fn url_host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    match host.find(']') {
        Some(end) => host.get(..=end),
        None => host.split(':').next(),
    }
}

fn place(host: &str) -> Place {
    let upper = host.to_ascii_uppercase();
    let is_own = host.starts_with("localhost")
        || host.starts_with("127.")
        || host.starts_with('/')
        || matches!(host, "::1" | "[::1]" | "::" | "[::]" | "0.0.0.0" | "0" | ".");
    if is_own || (host.contains('$') && ["POD", "HOSTNAME", "SELF"].iter().any(|word| upper.contains(word))) {
        Place::Own
    } else if matches!(host, "" | "$") || host.starts_with('-') {
        Place::Unknown
    } else if host.contains('$') || host.contains("{{") {
        Place::Variable
    } else {
        Place::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_clients() {
        for (line, host) in [
            ("pg_isready -h db -p 5432", Some("db")),
            ("psql --host=db", Some("db")),
            ("mysqladmin ping -h127.0.0.1 -uroot", Some("127.0.0.1")),
            ("redis-cli -u redis://user:secret@cache:6379/0 ping", Some("cache")),
            ("mysqladmin --help", None),
            ("redis-cli -s /run/redis.sock ping", Some("localhost")),
            ("redis-cli ping", None),
        ] {
            let words: Vec<_> = line.split(' ').collect();
            assert_eq!(host_option(&words), host, "{line}");
        }
    }

    #[test]
    fn hosts_of_requests_and_connections() {
        assert_eq!(request_host(&["curl", "-H", "X: y", "https://[::1]:8080/a"]), Some("[::1]"));
        assert_eq!(request_host(&["wget", "-qO-", "http://web:80/health"]), Some("web"));
        assert_eq!(request_host(&["curl", "--unix-socket", "/x"]), None);
        assert_eq!(connection_host(&["nc", "-zw2", "db", "5432", ">/dev/null"]), Some("db"));
        assert_eq!(connection_host(&["nc", "-U", "/run/x.sock"]), None);
    }

    #[test]
    fn places_of_hosts() {
        for own in ["localhost", "127.0.0.1", "[::1]", "$HOSTNAME", "$POD_IP", "$(MY_POD_IP)", "/var/run/postgresql"] {
            assert_eq!(place(own), Place::Own, "{own}");
        }
        for other in ["db", "10.0.0.1", "db.shop.svc"] {
            assert_eq!(place(other), Place::Other, "{other}");
        }
        assert_eq!((place("$DB_HOST"), place("$"), place("-p")), (Place::Variable, Place::Unknown, Place::Unknown));
    }

    #[test]
    fn celery_is_asked_by_its_broker() {
        let asks = |line: &str| asks_broker(&line.split(' ').collect::<Vec<_>>());
        assert!(asks("celery -A shop inspect ping -d celery@$HOSTNAME"));
        assert!(asks("python -m celery -A shop status"));
        assert!(!asks("celery -A shop worker"));
        assert!(!asks("pgrep -f inspect"));
    }
}
