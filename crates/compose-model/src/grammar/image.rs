//! Names of images.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The name of an image, taken apart: `[REGISTRY/]NAME[:TAG][@DIGEST]`.
///
/// The grammar is that of the distribution project, which engines use. The first part of a name
/// is a registry if there is another part and it has a `.` or `:` in it, has an upper-case letter
/// or is `localhost`. It prints as it was written.
///
/// ```
/// use compose_model::ImageReference;
///
/// let image: ImageReference = "ghcr.io/dns/coredns:1.12".parse()?;
/// assert_eq!(image.registry(), Some("ghcr.io"));
/// assert_eq!(image.name(), "dns/coredns");
/// assert_eq!((image.tag(), image.digest()), (Some("1.12"), None));
///
/// let short: ImageReference = "redis".parse()?;
/// assert_eq!(short.canonical_name(), "docker.io/library/redis");
/// # Ok::<(), compose_model::ImageError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageReference {
    registry: Option<String>,
    name: String,
    tag: Option<String>,
    digest: Option<String>,
}

/// A text that names no image.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ImageError {
    /// There is no name.
    #[error("image has no name")]
    NoName,
    /// Docker takes 64 hexadecimal digits for the id of an image.
    #[error("image name `{0}` looks like an id: 64 hexadecimal digits")]
    Id(String),
    /// A name with something else than lower-case letters and digits in groups, separated by `.`,
    /// `_`, `__`, `-` or `/`, or of more than 255 characters.
    #[error("invalid image name `{0}`")]
    Name(String),
    /// A registry that is no host with or without port.
    #[error("invalid registry `{0}`")]
    Registry(String),
    /// A tag that is empty, longer than 128, or has other characters than letters, digits, `_`,
    /// `.` and `-`, these two not at the start.
    #[error("invalid tag `{0}`")]
    Tag(String),
    /// A digest that is not `ALGORITHM:HEX` with at least 32 digits.
    #[error("invalid digest `{0}`")]
    Digest(String),
}

/// The registry of names without one.
const DEFAULT_REGISTRY: &str = "docker.io";

impl ImageReference {
    /// The registry with its port, if one is written.
    pub fn registry(&self) -> Option<&str> {
        self.registry.as_deref()
    }

    /// The name without registry, as written: `library/` is not added.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The tag, if one is written.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest (`sha256:…`), if one is written.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// The tag that is pulled: the one written, else `latest`; `None` if a digest alone says which
    /// image it is.
    ///
    /// ```
    /// let image: compose_model::ImageReference = "redis".parse()?;
    /// assert_eq!((image.tag(), image.effective_tag()), (None, Some("latest")));
    /// # Ok::<(), compose_model::ImageError>(())
    /// ```
    pub fn effective_tag(&self) -> Option<&str> {
        match (&self.tag, &self.digest) {
            (None, None) => Some("latest"),
            (tag, _) => tag.as_deref(),
        }
    }

    /// Whether it is the same image whenever it is pulled: there is a digest.
    pub fn is_pinned(&self) -> bool {
        self.digest.is_some()
    }

    /// The same with another tag, and without digest, which would no longer fit.
    ///
    /// # Errors
    /// If that is no tag.
    pub fn with_tag(&self, tag: &str) -> Result<Self, ImageError> {
        Ok(Self {
            tag: Some(checked_tag(tag)?),
            digest: None,
            ..self.clone()
        })
    }

    /// Registry and name as engines see them: `docker.io` where there is no registry, and
    /// `library/` in front of names of one part there.
    pub fn canonical_name(&self) -> String {
        let registry = match self.registry() {
            None | Some("index.docker.io") => DEFAULT_REGISTRY,
            Some(registry) => registry,
        };
        let official = registry == DEFAULT_REGISTRY && !self.name.contains('/');
        let library = if official { "library/" } else { "" };
        format!("{registry}/{library}{}", self.name)
    }
}

impl FromStr for ImageReference {
    type Err = ImageError;

    fn from_str(text: &str) -> Result<Self, ImageError> {
        if text.is_empty() {
            return Err(ImageError::NoName);
        }
        if text.len() == 64 && text.bytes().all(is_hex) {
            return Err(ImageError::Id(text.to_owned()));
        }
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(checked_digest(digest)?)),
            None => (text, None),
        };
        // A colon in front of a slash belongs to the port of the registry.
        let tag_at = rest.rfind(':').filter(|at| !rest[*at..].contains('/'));
        let (full_name, tag) = match tag_at {
            Some(at) => (&rest[..at], Some(checked_tag(&rest[at + 1..])?)),
            None => (rest, None),
        };
        let (registry, name) = match full_name.split_once('/') {
            Some((first, name)) if is_registry(first) => {
                if !is_host_with_port(first) {
                    return Err(ImageError::Registry(first.to_owned()));
                }
                (Some(first.to_owned()), name)
            }
            _ => (None, full_name),
        };
        if name.is_empty() {
            return Err(ImageError::NoName);
        }
        if full_name.len() > 255 || !name.split('/').all(is_component) {
            return Err(ImageError::Name(name.to_owned()));
        }
        Ok(Self {
            registry,
            name: name.to_owned(),
            tag,
            digest,
        })
    }
}

/// Whether the first part of a name means a registry.
fn is_registry(part: &str) -> bool {
    part.contains(['.', ':']) || part == "localhost" || part.to_lowercase() != part
}

fn is_host_with_port(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        // A colon of an IPv6 address is no separator.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let label = |label: &str| {
        let edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        edge(label.bytes().next())
            && edge(label.bytes().last())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let ipv6 = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let host = match ipv6 {
        Some(address) => {
            !address.is_empty() && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':')
        }
        None => host.split('.').all(label),
    };
    host && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
}

/// `[a-z0-9]+ ( ( . | _ | __ | -+ ) [a-z0-9]+ )*`
fn is_component(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    if !bytes
        .iter()
        .all(|byte| word(*byte) || b"._-".contains(byte))
    {
        return false;
    }
    let edges = [bytes.first(), bytes.last()];
    edges
        .iter()
        .all(|edge| edge.is_some_and(|byte| word(*byte)))
        && bytes
            .split(|byte| word(*byte))
            .all(|separator| match separator {
                [] | b"." | b"_" | b"__" => true,
                _ => separator.iter().all(|byte| *byte == b'-'),
            })
}

fn checked_tag(tag: &str) -> Result<String, ImageError> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let valid = tag.len() <= 128
        && tag.bytes().next().is_some_and(word)
        && tag
            .bytes()
            .all(|byte| word(byte) || matches!(byte, b'.' | b'-'));
    if valid {
        Ok(tag.to_owned())
    } else {
        Err(ImageError::Tag(tag.to_owned()))
    }
}

fn checked_digest(digest: &str) -> Result<String, ImageError> {
    let algorithm_part = |part: &str| {
        part.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
            && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let valid = digest.split_once(':').is_some_and(|(algorithm, hex)| {
        algorithm.split(['-', '_', '+', '.']).all(algorithm_part)
            && hex.len() >= 32
            && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    if valid {
        Ok(digest.to_owned())
    } else {
        Err(ImageError::Digest(digest.to_owned()))
    }
}

fn is_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = &self.registry {
            write!(f, "{registry}/")?;
        }
        f.write_str(&self.name)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ImageError, ImageReference};

    const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn parse(text: &str) -> Result<ImageReference, ImageError> {
        text.parse()
    }

    #[test]
    fn parts() {
        for (text, registry, name, tag) in [
            ("redis", None, "redis", None),
            ("redis:7", None, "redis", Some("7")),
            ("a/b/c", None, "a/b/c", None),
            ("localhost/a", Some("localhost"), "a", None),
            ("localhost:5000/a", Some("localhost:5000"), "a", None),
            ("localhost:5000", None, "localhost", Some("5000")),
            ("Reg/a:t", Some("Reg"), "a", Some("t")),
            (
                "r.io:443/a-b__c.d:T-1.x",
                Some("r.io:443"),
                "a-b__c.d",
                Some("T-1.x"),
            ),
            ("[::1]:5000/a", Some("[::1]:5000"), "a", None),
            ("[fd00::2]/a", Some("[fd00::2]"), "a", None),
            ("a---b", None, "a---b", None),
        ] {
            let image = parse(text).unwrap();
            let found = (image.registry(), image.name(), image.tag());
            assert_eq!(found, (registry, name, tag), "{text}");
            assert_eq!(image.to_string(), text);
        }
    }

    #[test]
    fn digests() {
        let image = parse(&format!("r.io/a:1@{DIGEST}")).unwrap();
        assert_eq!(image.digest(), Some(DIGEST));
        assert_eq!(image.tag(), Some("1"));
        assert_eq!(image.to_string(), format!("r.io/a:1@{DIGEST}"));
        assert_eq!(image.with_tag("2").unwrap().to_string(), "r.io/a:2");
        assert!(image.with_tag("").is_err());
    }

    #[test]
    fn canonical_names() {
        for (text, expected) in [
            ("redis", "docker.io/library/redis"),
            ("a/redis:1", "docker.io/a/redis"),
            ("docker.io/redis", "docker.io/library/redis"),
            ("index.docker.io/redis", "docker.io/library/redis"),
            ("ghcr.io/redis", "ghcr.io/redis"),
        ] {
            assert_eq!(parse(text).unwrap().canonical_name(), expected);
        }
    }

    #[test]
    fn errors() {
        for (text, expected) in [
            ("", "image has no name"),
            (":tag", "image has no name"),
            ("r.io/", "image has no name"),
            ("Redis", "invalid image name `Redis`"),
            ("a b", "invalid image name `a b`"),
            ("a//b", "invalid image name `a//b`"),
            ("a..b", "invalid image name `a..b`"),
            ("a___b", "invalid image name `a___b`"),
            ("-a", "invalid image name `-a`"),
            ("a:", "invalid tag ``"),
            ("a:.x", "invalid tag `.x`"),
            ("a:b:c", "invalid image name `a:b`"),
            ("-r.io/a", "invalid registry `-r.io`"),
            ("r.io:x/a", "invalid registry `r.io:x`"),
            ("a@sha256:1", "invalid digest `sha256:1`"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), expected, "{text}");
        }
        let id = "0123456789abcdef".repeat(4);
        assert_eq!(parse(&id), Err(ImageError::Id(id)));
        assert!(parse(&"a".repeat(255)).is_ok());
        assert!(parse(&"a".repeat(256)).is_err());
        assert!(parse(&format!("a:{}", "t".repeat(129))).is_err());
    }

    proptest! {
        #[test]
        fn what_is_read_is_printed(text in "([a-zA-Z0-9._:/@\\[\\]-]|é){0,20}") {
            if let Ok(image) = parse(&text) {
                prop_assert_eq!(image.to_string(), text);
            }
        }
    }
}
