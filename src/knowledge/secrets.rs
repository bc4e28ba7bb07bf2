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
    use super::looks_secret;

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
}
