//! Who may log in by a password.

use crate::access_options::WebUser;
use crate::error::UsageError;
use bcrypt::HashParts;

/// A hash of a higher cost would take seconds of a core for each attempt.
const COSTS: std::ops::RangeInclusive<u32> = 4..=16;

/// The users and the hashes of their passwords.
pub(super) struct Users {
    users: Vec<User>,
    /// What the password of a user that there is not is compared with, so that it takes as long.
    costliest: String,
}

struct User {
    name: String,
    hash: String,
}

impl Users {
    /// Those that the options give. What is wrong with one is told without it.
    pub(super) fn read(given: &[WebUser]) -> Result<Self, UsageError> {
        let mut users: Vec<User> = Vec::new();
        let (mut costliest, mut highest) = (String::new(), 0);
        for (number, user) in given.iter().enumerate() {
            let parts = user.text().split_once(':').filter(|(name, _)| !name.is_empty());
            let cost = parts.and_then(|(_, hash)| cost_of(hash));
            let (Some((name, hash)), Some(cost)) = (parts, cost) else {
                return Err(malformed(number + 1));
            };
            if !COSTS.contains(&cost) {
                let error = UsageError::new("--web-user: the cost of a hash must be from 4 to 16");
                return Err(error.help("make one by `htpasswd -nB -C 10 NAME`"));
            }
            if users.iter().any(|known| known.name == name) {
                return Err(UsageError::new("--web-user: two users have the same name"));
            }
            if cost > highest {
                (costliest, highest) = (hash.to_owned(), cost);
            }
            users.push(User { name: name.to_owned(), hash: hash.to_owned() });
        }
        Ok(Self { users, costliest })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.users.is_empty()
    }

    /// What must not be shown.
    pub(super) fn hashes(&self) -> impl Iterator<Item = &str> {
        self.users.iter().map(|user| user.hash.as_str())
    }

    /// Whether this is the password of this user. It takes the time that the hash says, whether or not there is such a user.
    pub(super) fn know(&self, name: &str, password: &str) -> bool {
        let user = self.users.iter().find(|user| user.name == name);
        let hash = user.map_or(&self.costliest, |user| &user.hash);
        let fits = bcrypt::verify(password, hash).unwrap_or(false);
        fits && user.is_some()
    }
}

fn cost_of(hash: &str) -> Option<u32> {
    hash.parse::<HashParts>().ok().map(|parts| parts.get_cost())
}

fn malformed(number: usize) -> UsageError {
    let message = format!("--web-user: user {number} is no NAME:HASH with a hash made by bcrypt");
    UsageError::new(message)
        .help("`htpasswd -nB NAME` asks for the password and prints it")
        .help("write it within single quotes, in a shell and in .env: `$` has a meaning there")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> Result<Users, UsageError> {
        let given = texts.iter().map(|text| text.parse().expect("any text"));
        Users::read(&given.collect::<Vec<_>>())
    }

    #[test]
    fn a_user_is_known_by_the_password_only() {
        let anna = format!("anna:{}", bcrypt::hash("open sesame", 4).expect("a hash"));
        let berta = format!("berta:{}", bcrypt::hash("ö:,", 5).expect("a hash"));
        let users = read(&[&anna, &format!(" {berta}\n")]).expect("valid");
        for (name, password, known) in [
            ("anna", "open sesame", true),
            ("berta", "ö:,", true),
            ("anna", "ö:,", false),
            ("anna", "", false),
            ("anna", "Open sesame", false),
            ("Anna", "open sesame", false),
            ("clara", "ö:,", false),
            ("", "", false),
        ] {
            assert_eq!(users.know(name, password), known, "{name} {password}");
        }
        assert!(users.costliest.starts_with("$2b$05$"), "{}", users.costliest);
        assert!(!read(&[]).expect("none").know("", ""));
    }

    #[test]
    fn what_apache_prints_is_a_hash() {
        // From the documentation of Apache.
        let line = "myName:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC";
        let users = read(&[line]).expect("valid");
        assert!(users.know("myName", "myPassword"));
        assert!(!users.know("myName", "apache"));
    }

    #[test]
    fn what_is_no_hash_is_not_quoted() {
        let hash = "$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC";
        for (text, part) in [
            ("anna:hunter2".to_owned(), "htpasswd -nB NAME"),
            ("hunter2".to_owned(), "htpasswd -nB NAME"),
            (String::new(), "htpasswd -nB NAME"),
            (format!(":{hash}"), "htpasswd -nB NAME"),
            (hash.to_owned(), "htpasswd -nB NAME"),
            (format!("anna:{}", &hash[1..]), "single quotes"),
            ("anna:$apr1$hunter2$x9cTk3jnUzN6rKYUP4vIU.".to_owned(), "made by bcrypt"),
            (format!("anna:{}", hash.replace("$05$", "$31$")), "from 4 to 16"),
        ] {
            let error = read(&[&text]).err().expect(&text).to_string();
            assert!(error.contains(part), "{text}: {error}");
            assert!(!error.contains("hunter2") && !error.contains("c4WoMPo3"), "{text}: {error}");
        }
        let twice = format!("anna:{hash}");
        let error = read(&[&twice, &twice]).err().expect("twice").to_string();
        assert!(error.contains("same name"), "{error}");
        assert_eq!(format!("{:?}", twice.parse::<WebUser>()), "Ok(WebUser(***))");
    }
}
