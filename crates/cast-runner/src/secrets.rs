//! Secret values kept out of messages and of output that passes through this process.

use std::borrow::Cow;
use std::fmt;

use castfile::Env;
use yaml_tree::Diagnostic;

/// Shorter values are not looked for: `1` or `yes` marked as a secret would blacken half of
/// everything, and whoever reads `***` there has guessed them anyway.
const SHORTEST: usize = 4;

/// What stands in the place of a secret.
const MASK: &[u8] = b"***";

/// The secret values met so far.
#[derive(Clone, Default)]
pub(crate) struct Mask {
    /// The longest first, so that a secret that contains another goes as a whole.
    values: Vec<String>,
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mask({} values)", self.values.len())
    }
}

impl Mask {
    /// The mask for the secrets of one environment.
    pub(crate) fn of(env: &Env) -> Self {
        let mut mask = Self::default();
        mask.learn(env);
        mask
    }

    /// Adds the secrets of an environment. Of a value with several lines each line counts, since
    /// text passes by in lines.
    pub(crate) fn learn(&mut self, env: &Env) {
        for (_, var) in env.iter().filter(|(_, var)| var.secret) {
            self.learn_text(&var.value);
        }
        self.learn_hidden(env);
    }

    /// Adds what an environment hides without a variable of its own for it.
    pub(crate) fn learn_hidden(&mut self, env: &Env) {
        env.hidden().for_each(|text| self.learn_text(text));
    }

    fn learn_text(&mut self, text: &str) {
        for line in text.lines().map(str::trim) {
            if line.len() >= SHORTEST && !self.values.iter().any(|known| known == line) {
                let at = self
                    .values
                    .partition_point(|known| known.len() >= line.len());
                self.values.insert(at, line.to_owned());
            }
        }
    }

    /// Whether a secret is part of `text`.
    pub(crate) fn covers(&self, text: &str) -> bool {
        self.values.iter().any(|value| text.contains(value))
    }

    /// The text without secrets.
    pub(crate) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.covers(text) {
            return Cow::Borrowed(text);
        }
        let masked = self.bytes(text.as_bytes());
        Cow::Owned(String::from_utf8_lossy(&masked).into_owned())
    }

    /// The bytes without secrets.
    pub(crate) fn bytes<'t>(&self, bytes: &'t [u8]) -> Cow<'t, [u8]> {
        let mut masked = Cow::Borrowed(bytes);
        for value in &self.values {
            if let Some(replaced) = replace(&masked, value.as_bytes()) {
                masked = Cow::Owned(replaced);
            }
        }
        masked
    }

    /// The findings without secrets in what they say. The source texts that they point into are
    /// the user's files and stay as they are.
    pub(crate) fn diagnostics(&self, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        if self.values.is_empty() {
            return found;
        }
        for diagnostic in &mut found {
            let labels = diagnostic.labels.iter_mut().map(|label| &mut label.message);
            let fix = diagnostic.fix.iter_mut();
            let fix = fix.flat_map(|fix| [&mut fix.title, &mut fix.replacement]);
            let texts = std::iter::once(&mut diagnostic.message)
                .chain(labels)
                .chain(&mut diagnostic.help)
                .chain(fix);
            for text in texts {
                if let Cow::Owned(masked) = self.text(text) {
                    *text = masked;
                }
            }
        }
        found
    }
}

/// `bytes` with every `value` masked; `None` if there is none.
fn replace(bytes: &[u8], value: &[u8]) -> Option<Vec<u8>> {
    let find = |bytes: &[u8]| bytes.windows(value.len()).position(|part| part == value);
    let mut at = find(bytes)?;
    let mut replaced = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let (before, found) = rest.split_at(at);
        replaced.extend_from_slice(before);
        replaced.extend_from_slice(MASK);
        rest = found.get(value.len()..).unwrap_or_default();
        match find(rest) {
            Some(next) => at = next,
            None => break,
        }
    }
    replaced.extend_from_slice(rest);
    Some(replaced)
}

#[cfg(test)]
mod tests {
    use super::*;
    use castfile::{Origin, Var};
    use proptest::prelude::*;

    fn mask(secrets: &[&str]) -> Mask {
        let mut env = Env::new();
        for (at, secret) in secrets.iter().enumerate() {
            let var = Var {
                value: (*secret).to_owned(),
                secret: true,
                origin: Origin::Process,
            };
            env.insert(format!("S{at}"), var);
        }
        env.set("PLAIN", "plain text", Origin::Process);
        Mask::of(&env)
    }

    #[test]
    fn masks_every_occurrence_and_nothing_else() {
        let mask = mask(&["hunter2", "hunter2-long", "é✓é✓"]);
        let check = |text: &str| mask.text(text).into_owned();
        assert_eq!(check("hunter2hunter2 hunter"), "****** hunter");
        // the longer one goes as a whole
        assert_eq!(check("a hunter2-long b"), "a *** b");
        assert_eq!(check("xé✓é✓x"), "x***x");
        assert_eq!(check("plain text"), "plain text");
        assert_eq!(&*mask.bytes(b"\xff hunter2 \xfe"), b"\xff *** \xfe");
        assert_eq!(format!("{mask:?}"), "Mask(3 values)");
    }

    #[test]
    fn looks_for_each_line_but_not_for_short_ones() {
        let mask = mask(&["-----BEGIN\nabcdef\n  1\n", "yes", ""]);
        assert_eq!(
            mask.text("abcdef -----BEGIN yes 1"),
            "*** *** yes 1".to_owned()
        );
    }

    proptest! {
        #[test]
        fn no_secret_is_left(secret in "[a-z]{4,8}", text in "[a-z ]{0,40}", at in 0..40_usize) {
            let mut text = text;
            text.insert_str(at.min(text.len()), &secret);
            let mask = mask(&[&secret]);
            prop_assert!(!mask.text(&text).contains(&secret));
        }
    }
}
