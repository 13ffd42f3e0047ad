//! `pull_policy`.

/// Whether Docker Compose accepts this as a `pull_policy`: `always`, `never`, `build`,
/// `if_not_present`, `missing`, `refresh`, `daily`, `weekly`, or `every_` with numbers and units
/// out of `w`, `d`, `h`, `m`, `s`, such as `every_1d12h`.
pub fn is_pull_policy(text: &str) -> bool {
    let Some(mut rest) = text.strip_prefix("every_") else {
        return matches!(
            text,
            "always"
                | "never"
                | "build"
                | "if_not_present"
                | "missing"
                | "refresh"
                | "daily"
                | "weekly"
        );
    };
    while !rest.is_empty() {
        let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if unit.len() == rest.len() || !unit.starts_with(['w', 'd', 'h', 'm', 's']) {
            return false;
        }
        rest = &unit[1..];
    }
    text != "every_"
}

#[cfg(test)]
mod tests {
    use super::is_pull_policy;

    #[test]
    fn policies() {
        for text in [
            "always",
            "never",
            "build",
            "if_not_present",
            "missing",
            "refresh",
            "daily",
            "weekly",
            "every_1d",
            "every_1w2d",
            "every_1h30m",
            "every_1s",
            "every_01d",
            "every_1h1h",
        ] {
            assert!(is_pull_policy(text), "{text}");
        }
        for text in [
            "",
            "every_",
            "every_1",
            "every_1d1",
            "every_1.5d",
            "every_d",
            "every_1y",
            "every_1ms",
            "Always",
            "newer",
            "xevery_1d",
            "every_1d\n",
            "every_1d ",
            "every_-1d",
            "every_é",
        ] {
            assert!(!is_pull_policy(text), "{text}");
        }
    }
}
