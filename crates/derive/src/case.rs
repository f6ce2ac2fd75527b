//! Conversion of names between cases, for keys, variables and the names of choices.

/// How names are spelt (`rename_all`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Kebab,
    Snake,
    Camel,
    Pascal,
    Lower,
    Upper,
    ScreamingSnake,
}

impl Case {
    /// Every case by the name that `rename_all` takes.
    pub(crate) const ALL: &[(&str, Self)] = &[
        ("kebab-case", Self::Kebab),
        ("snake_case", Self::Snake),
        ("camelCase", Self::Camel),
        ("PascalCase", Self::Pascal),
        ("lowercase", Self::Lower),
        ("UPPERCASE", Self::Upper),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
    ];

    pub(crate) fn apply(self, name: &str) -> String {
        let words = words(name);
        match self {
            Self::Kebab => join(&words, "-", str::to_lowercase),
            Self::Snake => join(&words, "_", str::to_lowercase),
            Self::Lower => join(&words, "", str::to_lowercase),
            Self::Upper => join(&words, "", str::to_uppercase),
            Self::ScreamingSnake => join(&words, "_", str::to_uppercase),
            Self::Pascal => join(&words, "", capitalized),
            Self::Camel => {
                let pascal = join(&words, "", capitalized);
                let first = words.first().map_or(0, |word| capitalized(word).len());
                pascal[..first].to_lowercase() + &pascal[first..]
            }
        }
    }
}

/// The segment of variable names that belongs to a key.
pub(crate) fn segment(key: &str) -> String {
    Case::ScreamingSnake.apply(key)
}

fn join(words: &[String], separator: &str, convert: fn(&str) -> String) -> String {
    words.iter().map(|word| convert(word)).collect::<Vec<_>>().join(separator)
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + &chars.as_str().to_lowercase())
}

/// Splits at everything that is neither letter nor digit, before a capital after a small letter or digit (`poolSize`),
/// and before the last capital of a run that a small letter follows (`HTTPServer`).
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, &char) in chars.iter().enumerate() {
        if !char.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = at.checked_sub(1).map(|before| chars[before]);
        let after_small = before.is_some_and(|before| before.is_lowercase() || before.is_numeric());
        let ends_run =
            before.is_some_and(char::is_uppercase) && chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        if char.is_uppercase() && (after_small || ends_run) {
            words.push(String::new());
        }
        words.last_mut().expect("there is a first word").push(char);
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{Case, segment};

    #[test]
    fn every_case_spells_a_field_and_a_variant() {
        let spelt = |case: Case| (case.apply("pool_size"), case.apply("PoolSize"));
        let same = |text: &str| (text.to_owned(), text.to_owned());
        assert_eq!(spelt(Case::Kebab), same("pool-size"));
        assert_eq!(spelt(Case::Snake), same("pool_size"));
        assert_eq!(spelt(Case::Camel), same("poolSize"));
        assert_eq!(spelt(Case::Pascal), same("PoolSize"));
        assert_eq!(spelt(Case::Lower), same("poolsize"));
        assert_eq!(spelt(Case::Upper), same("POOLSIZE"));
        assert_eq!(spelt(Case::ScreamingSnake), same("POOL_SIZE"));
    }

    #[test]
    fn segments_split_camel_and_kebab_case_and_keep_digits() {
        for (key, expected) in [
            ("pool_size", "POOL_SIZE"),
            ("pool-size", "POOL_SIZE"),
            ("poolSize", "POOL_SIZE"),
            ("HTTPServer", "HTTP_SERVER"),
            ("pi_zero_2w", "PI_ZERO_2W"),
            ("phase2a", "PHASE2A"),
            ("a.b", "A_B"),
            ("straße", "STRASSE"),
            ("type", "TYPE"),
        ] {
            assert_eq!(segment(key), expected, "{key}");
        }
    }

    #[test]
    fn camel_case_keeps_its_first_word_small_in_any_script() {
        assert_eq!(Case::Camel.apply("éclair_size"), "éclairSize");
        assert_eq!(Case::Camel.apply(""), "");
    }
}
