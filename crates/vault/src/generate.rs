//! New secrets.

use zeroize::Zeroizing;

use crate::Secret;

/// The symbols used when none are named. The Go kpv also has a back-tick, which a shell would run.
pub const SYMBOLS: &str = "@_-{}|#!~:^";

const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";

/// A source of random bytes fit for secrets.
pub trait Random {
    /// Fills the buffer.
    ///
    /// # Errors
    /// When the source has no bytes to give.
    fn fill(&mut self, buffer: &mut [u8]) -> std::io::Result<()>;
}

/// The random number generator of the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&mut self, buffer: &mut [u8]) -> std::io::Result<()> {
        getrandom::fill(buffer).map_err(std::io::Error::other)
    }
}

/// What a new secret looks like.
///
/// ```
/// use vault::{OsRandom, Rules};
/// let secret = Rules::default().generate(&mut OsRandom)?;
/// assert_eq!(secret.expose().chars().count(), 16);
/// # Ok::<(), vault::GenerateError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rules {
    /// How many characters; 16.
    pub size: usize,
    /// Whether capital letters take part; yes.
    pub upper: bool,
    /// Whether small letters take part; yes.
    pub lower: bool,
    /// Whether digits take part; yes.
    pub digits: bool,
    /// The symbols that take part, [`SYMBOLS`]; none when empty.
    pub symbols: String,
    /// The characters to draw from instead of all those, without the rule about classes.
    pub chars: Option<String>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            size: 16,
            upper: true,
            lower: true,
            digits: true,
            symbols: SYMBOLS.to_owned(),
            chars: None,
        }
    }
}

/// Why no secret can be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// A secret of no characters is none.
    #[error("a secret of size 0 cannot be generated")]
    Empty,
    /// Nothing to draw from.
    #[error("no characters are left to generate a secret from: every class is switched off")]
    NoCharacters,
    /// One of each class does not fit.
    #[error("a secret of {size} characters cannot have one of each of {classes} classes")]
    TooShort {
        /// How many characters it may have.
        size: usize,
        /// How many classes take part.
        classes: usize,
    },
    /// A character that no value can have.
    #[error("a secret cannot be generated from a NUL character")]
    Nul,
    /// There is no randomness.
    #[error("the system has no random numbers: {0}")]
    Random(std::io::Error),
    /// Whatever else went wrong where a secret was to be ensured.
    #[error(transparent)]
    Vault(#[from] crate::Error),
}

impl Rules {
    /// Of another size.
    #[must_use]
    pub fn size(mut self, size: usize) -> Self {
        self.size = size;
        self
    }

    /// Draws a secret: each character with the same chance from the union of all classes, and again
    /// as a whole until each class is in it, which is what makes all such secrets equally likely.
    ///
    /// # Errors
    /// [`GenerateError::Empty`], [`NoCharacters`](GenerateError::NoCharacters),
    /// [`TooShort`](GenerateError::TooShort), [`Nul`](GenerateError::Nul) before anything is drawn;
    /// [`Random`](GenerateError::Random).
    pub fn generate(&self, random: &mut dyn Random) -> Result<Secret, GenerateError> {
        if self.size == 0 {
            return Err(GenerateError::Empty);
        }
        let (classes, alphabet) = self.alphabet();
        if alphabet.contains(&'\0') {
            return Err(GenerateError::Nul);
        }
        if alphabet.is_empty() {
            return Err(GenerateError::NoCharacters);
        }
        if classes.len() > self.size {
            return Err(GenerateError::TooShort {
                size: self.size,
                classes: classes.len(),
            });
        }
        // It ends: a draw of this size can have every class, so it fails with a chance below one.
        loop {
            let mut text = Zeroizing::new(String::with_capacity(self.size * 4));
            for _ in 0..self.size {
                text.push(draw(&alphabet, random)?);
            }
            if classes.iter().all(|class| text.contains(class.as_slice())) {
                return Ok(Secret::from(std::mem::take(&mut *text)));
            }
        }
    }

    /// The classes that have to be present, and all characters, each once.
    fn alphabet(&self) -> (Vec<Vec<char>>, Vec<char>) {
        let mut all: Vec<char> = Vec::new();
        let mut add = |text: &str| -> Vec<char> {
            let class: Vec<char> = text.chars().collect();
            for char in &class {
                if !all.contains(char) {
                    all.push(*char);
                }
            }
            class
        };
        if let Some(chars) = &self.chars {
            add(chars);
            return (Vec::new(), all);
        }
        let classes = [
            (self.upper, UPPER),
            (self.lower, LOWER),
            (self.digits, DIGITS),
            (!self.symbols.is_empty(), &self.symbols),
        ];
        let classes = classes.into_iter().filter(|class| class.0);
        let classes = classes.map(|(_, class)| add(class)).collect();
        (classes, all)
    }
}

/// One of the characters, each with the same chance: numbers that would favour some are drawn anew.
fn draw(alphabet: &[char], random: &mut dyn Random) -> Result<char, GenerateError> {
    let count = u32::try_from(alphabet.len()).unwrap_or(u32::MAX);
    let limit = u32::MAX - u32::MAX % count;
    loop {
        let mut bytes = [0; 4];
        random.fill(&mut bytes).map_err(GenerateError::Random)?;
        let number = u32::from_le_bytes(bytes);
        if number < limit {
            return Ok(alphabet[(number % count) as usize]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generate(rules: &Rules) -> String {
        rules.generate(&mut OsRandom).unwrap().expose().to_owned()
    }

    #[test]
    fn every_class_is_present() {
        for _ in 0..200 {
            let secret = generate(&Rules::default().size(4));
            assert!(secret.contains(char::is_uppercase), "{secret}");
            assert!(secret.contains(char::is_lowercase), "{secret}");
            assert!(secret.contains(|c: char| c.is_ascii_digit()), "{secret}");
            assert!(secret.contains(|c| SYMBOLS.contains(c)), "{secret}");
        }
    }

    #[test]
    fn chars_override_the_classes() {
        let rules = Rules {
            chars: Some("aé".to_owned()),
            ..Rules::default()
        };
        let secret = generate(&rules.size(300));
        assert_eq!(secret.chars().count(), 300);
        assert!(secret.contains('é') && secret.contains('a'));
        assert!(secret.chars().all(|c| "aé".contains(c)));
    }

    #[test]
    fn what_cannot_be_is_said_before_anything_is_drawn() {
        let check = |rules: Rules| rules.generate(&mut OsRandom).unwrap_err().to_string();
        let none = Rules {
            upper: false,
            lower: false,
            digits: false,
            symbols: String::new(),
            ..Rules::default()
        };
        assert!(check(none).contains("every class is switched off"));
        assert!(check(Rules::default().size(3)).contains("3 characters"));
        assert!(check(Rules::default().size(0)).contains("size 0"));
    }

    /// All of six characters turn up about equally often, with a generator whose numbers are known.
    #[test]
    fn the_draw_is_uniform() {
        struct Counting(u32);
        impl Random for Counting {
            fn fill(&mut self, buffer: &mut [u8]) -> std::io::Result<()> {
                self.0 = self.0.wrapping_add(0x9E37_79B9);
                buffer.copy_from_slice(&self.0.to_le_bytes());
                Ok(())
            }
        }
        let rules = Rules {
            chars: Some("abcdef".to_owned()),
            ..Rules::default()
        };
        let secret = rules.size(60_000).generate(&mut Counting(1)).unwrap();
        for char in "abcdef".chars() {
            let count = secret.expose().chars().filter(|c| *c == char).count();
            assert!((9_500..10_500).contains(&count), "{char}: {count}");
        }
    }
}
