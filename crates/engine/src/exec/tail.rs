//! The end of what a program says.

use std::collections::VecDeque;

/// How much of standard error is kept.
const TAIL: usize = 64 * 1024;

/// The last bytes of a stream.
#[derive(Default)]
pub(super) struct Tail {
    bytes: VecDeque<u8>,
    cut: bool,
}

impl Tail {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        let excess = self.bytes.len().saturating_sub(TAIL);
        self.cut |= excess > 0;
        self.bytes.drain(..excess);
    }

    pub(super) fn text(self) -> String {
        let bytes: Vec<u8> = self.bytes.into();
        let text = String::from_utf8_lossy(&bytes);
        if self.cut {
            // The first line is likely to be a part of one, and of a secret.
            let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
            return format!("[…]\n{rest}");
        }
        text.into_owned()
    }
}

pub(super) fn redacted(text: String, secrets: &[String]) -> String {
    secrets
        .iter()
        .fold(text, |text, secret| text.replace(secret.as_str(), "***"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;

    #[test]
    fn the_tail_has_whole_lines_alone() {
        let mut tail = Tail::default();
        tail.push(b"one\ntwo\n");
        assert_eq!(tail.text(), "one\ntwo\n");
        let mut tail = Tail::default();
        for number in 0..20_000 {
            tail.push(format!("line {number}\n").as_bytes());
        }
        let text = tail.text();
        assert!(text.len() <= TAIL + 8, "{}", text.len());
        assert!(text.starts_with("[…]\nline "), "{}", &text[..40]);
        assert!(text.ends_with("line 19999\n"));
    }

    #[test]
    fn secrets_are_taken_out() {
        let command = Command::new(["x"]).secret("P", "hunter2").secret("E", "");
        assert_eq!(
            redacted("password hunter2 is wrong".into(), &command.secrets),
            "password *** is wrong"
        );
        assert!(!format!("{command:?}").contains("hunter2"));
    }
}
