//! Whether to colour.

/// What the user asked for with `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// Decides for one stream. `variable` looks a variable of the environment up.
    ///
    /// With [`Auto`](Self::Auto): a non-empty `NO_COLOR` means no; a `CLICOLOR_FORCE` other than
    /// `0` means yes; `TERM=dumb` means no; else a terminal is coloured and anything else is not.
    pub fn decide<'v>(self, is_terminal: bool, variable: impl Fn(&str) -> Option<&'v str>) -> bool {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if set("NO_COLOR").is_some() => false,
            Self::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
            Self::Auto => is_terminal && variable("TERM") != Some("dumb"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ColorChoice;

    fn decide(choice: ColorChoice, terminal: bool, env: &[(&str, &'static str)]) -> bool {
        choice.decide(terminal, |name| {
            env.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| *value)
        })
    }

    #[test]
    fn the_environment_decides_unless_the_user_did() {
        use ColorChoice::{Always, Auto, Never};
        assert!(decide(Auto, true, &[]));
        assert!(!decide(Auto, false, &[]));
        assert!(!decide(Auto, true, &[("NO_COLOR", "1")]));
        assert!(decide(Auto, true, &[("NO_COLOR", "")]));
        assert!(decide(Auto, false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!decide(Auto, false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!decide(
            Auto,
            true,
            &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]
        ));
        assert!(!decide(Auto, true, &[("TERM", "dumb")]));
        assert!(decide(Always, false, &[("NO_COLOR", "1")]));
        assert!(!decide(Never, true, &[("CLICOLOR_FORCE", "1")]));
    }
}
