//! Names that promise a secret: their values are never printed.

/// Whether the value behind a name may be secret. Names are compared word by word, so that
/// `MONKEY` and `TOKENIZER` stay readable; names of files, names and public parts are no
/// secrets.
#[must_use]
pub fn looks_secret(name: &str) -> bool {
    const SECRET: [&str; 14] = [
        "password",
        "passwd",
        "pass",
        "pwd",
        "passphrase",
        "secret",
        "secrets",
        "token",
        "tokens",
        "key",
        "apikey",
        "credential",
        "credentials",
        "dsn",
    ];
    const HARMLESS_ENDS: [&str; 5] = ["file", "path", "name", "url", "ttl"];
    let words = words_of(name);
    // `key` alone is the name of many a field.
    if words == ["key"] {
        return false;
    }
    let ends_harmless = words.last().is_some_and(|last| HARMLESS_ENDS.contains(&last.as_str()));
    let is_public = words.windows(2).any(|pair| match pair {
        [kind, key] if key == "key" => matches!(kind.as_str(), "public" | "site" | "publishable"),
        // Directives of nginx.
        [server, pass] if pass == "pass" => matches!(server.as_str(), "uwsgi" | "proxy" | "fastcgi" | "grpc"),
        _ => false,
    });
    !ends_harmless && !is_public && words.iter().any(|word| SECRET.contains(&word.as_str()))
}

/// Whether a name says that its value *is* a secret, and not one that only has to do with one:
/// its last word promises it. `PASSWORD_MIN_LENGTH` is a number, `CACHE_KEY` is no key of a lock.
#[must_use]
pub fn names_secret(name: &str) -> bool {
    const KEYS: [&str; 18] = [
        "access",
        "account",
        "api",
        "app",
        "auth",
        "cookie",
        "crypt",
        "encryption",
        "fernet",
        "hmac",
        "jwt",
        "license",
        "master",
        "private",
        "secret",
        "session",
        "signing",
        "ssh",
    ];
    const SERVERS: [&str; 5] = ["fastcgi", "grpc", "proxy", "scgi", "uwsgi"];
    if !looks_secret(name) {
        return false;
    }
    let mut words = words_of(name);
    // Rails' SECRET_KEY_BASE, and numbered or encoded secrets.
    while words.last().is_some_and(|last| matches!(last.as_str(), "base" | "base64" | "b64" | "plain"))
        || words.last().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()))
    {
        words.pop();
    }
    match words.as_slice() {
        // A directive of a proxy, and the name of an object.
        [.., before, last] if last == "pass" => !SERVERS.contains(&before.as_str()),
        [.., before, last] if before == "pull" && last == "secret" => false,
        [.., before, last] if last == "key" => KEYS.contains(&before.as_str()),
        [.., last] => last != "key" && looks_secret(last) && !matches!(last.as_str(), "tokens" | "secrets"),
        [] => false,
    }
}

/// What in a text is secret, whatever the text's name: a phrase without the secret itself.
#[must_use]
pub fn secret_in(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN ") && text.lines().any(is_private_key_header) {
        return Some("a private key");
    }
    if text.match_indices("AKIA").any(|(at, _)| is_access_key(text, at)) {
        return Some("an AWS access key");
    }
    let lines =
        text.lines().filter(|line| !line.trim_start().starts_with(['#', ';']) && !line.trim_start().starts_with("//"));
    let mut lines = lines.filter(|line| line.contains("://"));
    lines.any(has_password_in_url).then_some("a password in a URL")
}

/// Whether a text holds a secret, whatever its name.
#[must_use]
pub fn holds_secret(text: &str) -> bool {
    secret_in(text).is_some()
}

fn is_private_key_header(line: &str) -> bool {
    line.split_once("-----BEGIN ").is_some_and(|(_, rest)| rest.contains("PRIVATE KEY-----"))
}

/// `AKIA` and 16 capitals and digits. The one of AWS's documentation ends in EXAMPLE.
fn is_access_key(text: &str, at: usize) -> bool {
    let starts = text[..at].chars().next_back().is_none_or(|before| !before.is_ascii_alphanumeric());
    let length = text[at..].bytes().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).count();
    starts && length == 20 && !text[at..at + length].ends_with("EXAMPLE")
}

/// `scheme://user:password@host`, where the password is written out.
fn has_password_in_url(line: &str) -> bool {
    line.match_indices("://").any(|(at, _)| {
        let end = |letter: char| letter.is_whitespace() || matches!(letter, '/' | '"' | '\'' | '`' | '?' | '#' | ',');
        let authority = line[at + 3..].split(end).next().unwrap_or_default();
        let userinfo = authority.rsplit_once('@').map(|(userinfo, _)| userinfo);
        let password = userinfo.and_then(|userinfo| userinfo.split_once(':')).map(|(_, password)| password);
        password.is_some_and(|password| !is_stand_in(password))
    })
}

/// Whether a value only stands for a secret: nothing, a variable, `changeme`, `<password>`,
/// `*****`, a reference to a vault or a file.
#[must_use]
pub fn is_stand_in(value: &str) -> bool {
    const WORDS: [&str; 17] = [
        "changeme",
        "change",
        "changeit",
        "example",
        "placeholder",
        "dummy",
        "todo",
        "replace",
        "replaceme",
        "none",
        "null",
        "redacted",
        "insert",
        "your",
        "yours",
        "true",
        "false",
    ];
    const STARTS: [&str; 9] = ["vault:", "ref+", "op://", "arn:", "ENC[", "/", "file:", "secretref:", "sm://"];
    const NAMES: [&str; 8] = ["password", "passwd", "pass", "pwd", "secret", "token", "user", "key"];
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    let mut parts = words_of(value).into_iter();
    value.is_empty()
        || STARTS.iter().any(|start| value.starts_with(start))
        || value.contains('…')
        || is_filled_in(value)
        || NAMES.contains(&lower.as_str())
        || lower.bytes().all(|byte| matches!(byte, b'x' | b'.' | b'-' | b'_'))
        || parts.any(|word| WORDS.contains(&word.as_str()))
}

/// Whether some other tool puts a value in: `${X}`, `$(X)`, `$DB_PASSWORD`, `{{ x }}`, `{x}`, `<x>`,
/// `%X%`, `%(x)s`, `***`. A `$` or `%` among other letters may well belong to a password.
fn is_filled_in(value: &str) -> bool {
    let encloses = |open, close| value.find(open).is_some_and(|at| value[at + 1..].contains(close));
    let is_variable = |name: &str| {
        let length = name.bytes().take_while(|byte| byte.is_ascii_uppercase() || *byte == b'_').count();
        length > 2 || (length == name.len() && length > 0)
    };
    let is_whole = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    value.strip_prefix('$').is_some_and(is_whole)
        || value
            .match_indices('$')
            .any(|(at, _)| value[at + 1..].starts_with(['{', '(']) || is_variable(&value[at + 1..]))
        || encloses('{', '}')
        || encloses('<', '>')
        || value.starts_with('%') && (value.ends_with('%') || value.starts_with("%("))
        || value.contains("***")
        || value.bytes().all(|byte| byte == b'*')
}

/// `dbPassword`, `DB_PASSWORD` and `db-password` are all `db`, `password`.
#[must_use]
pub fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    for letter in name.chars() {
        let starts_word = letter.is_ascii_uppercase() && previous.is_ascii_lowercase();
        if !letter.is_ascii_alphanumeric() || starts_word {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_ascii_alphanumeric()) {
            word.push(letter.to_ascii_lowercase());
        }
        previous = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_by_whole_words() {
        for name in
            ["PASSWORD", "DB_PASSWORD", "dbPassword", "api-key", "SECRET_KEY", "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY"]
        {
            assert!(looks_secret(name), "{name}");
        }
        for name in [
            "MONKEY",
            "TOKENIZER",
            "PASSWORD_FILE",
            "SECRET_NAME",
            "TOKEN_URL",
            "PUBLIC_KEY",
            "DEBUG",
            "KEYS_PER_PAGE",
            "key",
        ] {
            assert!(!looks_secret(name), "{name}");
        }
    }

    #[test]
    fn a_secret_is_named_by_the_last_word() {
        for name in [
            "DB_PASSWORD",
            "SECRET_KEY",
            "SECRET_KEY_BASE",
            "api-key",
            "FERNET_KEY",
            "DB_CREDENTIALS",
            "TOKEN_1",
            "clientSecret",
            "PASSWORD",
        ] {
            assert!(names_secret(name), "{name}");
        }
        for name in [
            "PASSWORD_MIN_LENGTH",
            "TOKEN_TTL",
            "CACHE_KEY",
            "KEY_PREFIX",
            "SECRET_NAME",
            "secrets",
            "PUBLIC_KEY",
            "UWSGI_PASS",
            "image-pull-secret",
        ] {
            assert!(!names_secret(name), "{name}");
        }
    }

    #[test]
    fn a_sign_among_letters_is_no_variable() {
        for value in [
            "$DB_PASSWORD",
            "${X}",
            "pre-$(X)",
            "{{ x }}",
            "<password>",
            "%PASS%",
            "%(pass)s",
            "****",
            "a$TOKEN",
            "$pw",
        ] {
            assert!(is_stand_in(value), "{value}");
        }
        for value in ["x8$k2", "7%a*q<z", "django-insecure-w$f8", "p*ss%1"] {
            assert!(!is_stand_in(value), "{value}");
        }
    }

    #[test]
    fn secrets_are_seen_in_texts() {
        for text in [
            "postgres://shop:hunter2@db:5432/shop",
            "-----BEGIN RSA PRIVATE KEY-----\nMII",
            "id = AKIAZ7QJ4M2XPLW3RT5K",
            "a: 1\nurl: \"amqp://u:p4ss@mq\"\n",
        ] {
            assert!(holds_secret(text), "{text}");
        }
        for text in [
            "postgres://shop@db/shop",
            "https://example.com:8080/a@b",
            "postgres://shop:$(DB_PASSWORD)@db",
            "postgres://user:password@db",
            "-----BEGIN CERTIFICATE-----\nMII",
            "AKIAIOSFODNN7EXAMPLE",
            "# amqp://u:p4ss@mq",
        ] {
            assert!(!holds_secret(text), "{text}");
        }
    }
}
