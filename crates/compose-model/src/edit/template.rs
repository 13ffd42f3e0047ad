//! Text with variables in it, and images in particular: changing a literal part.

use crate::{ImageError, ImageReference};

/// Why a text with variables cannot be changed.
#[derive(Debug, PartialEq)]
pub(super) enum Refusal {
    /// What is to be changed depends on a variable.
    Variable,
    /// What was to be written is not what it should be.
    Image(ImageError),
}

/// The whole text replaced. If it is one variable with a default, the default is.
pub(super) fn replace(old: &str, new: &str) -> Result<String, Refusal> {
    if !has_variable(old) {
        return Ok(new.to_owned());
    }
    let default = Default::of(old).ok_or(Refusal::Variable)?;
    default.with(new)
}

/// An image with another tag and without digest.
pub(super) fn set_tag(image: &str, tag: &str) -> Result<String, Refusal> {
    let any: ImageReference = "x".parse().map_err(Refusal::Image)?;
    any.with_tag(tag).map_err(Refusal::Image)?;
    if let Some(default) = Default::of(image) {
        return default.with(&set_tag(default.text, tag)?);
    }
    let parts = Parts::of(image).ok_or(Refusal::Variable)?;
    if parts.digest.is_some_and(has_variable) {
        return Err(Refusal::Variable);
    }
    let tag = match parts.tag {
        Some(old) => replace(old, tag)?,
        // Without a literal name at the end, the tag may be in a variable.
        None if has_variable(parts.last) || parts.last.is_empty() => return Err(Refusal::Variable),
        None => tag.to_owned(),
    };
    Ok(format!("{}:{tag}", parts.name))
}

/// An image with another digest; the tag stays.
pub(super) fn set_digest(image: &str, digest: &str) -> Result<String, Refusal> {
    let probe: ImageReference = format!("x@{digest}").parse().map_err(Refusal::Image)?;
    if probe.digest() != Some(digest) {
        return Err(Refusal::Image(ImageError::Digest(digest.to_owned())));
    }
    if let Some(default) = Default::of(image) {
        return default.with(&set_digest(default.text, digest)?);
    }
    let parts = Parts::of(image).ok_or(Refusal::Variable)?;
    if has_variable(parts.last) || parts.last.is_empty() {
        return Err(Refusal::Variable);
    }
    let digest = match parts.digest {
        Some(old) => replace(old, digest)?,
        None => digest.to_owned(),
    };
    let tag = parts.tag.map(|tag| format!(":{tag}")).unwrap_or_default();
    Ok(format!("{}{tag}@{digest}", parts.name))
}

/// Whether Compose would put something else in the place of a part of `text`. `$$` is a dollar.
pub(super) fn has_variable(text: &str) -> bool {
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'$' {
            continue;
        }
        match bytes.peek() {
            Some(b'$') => {
                bytes.next();
            }
            Some(b'{' | b'_' | b'a'..=b'z' | b'A'..=b'Z') => return true,
            _ => {}
        }
    }
    false
}

/// A text that is one variable with a literal default: `${NAME:-text}` or `${NAME-text}`.
struct Default<'t> {
    /// What stands in front of the default.
    head: &'t str,
    /// The default.
    text: &'t str,
}

impl<'t> Default<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let inner = text.strip_prefix("${")?.strip_suffix('}')?;
        let name = inner
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            .count();
        let rest = &inner[name..];
        let default = rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-'))?;
        let starts_well = !inner.starts_with(|first: char| first.is_ascii_digit());
        (name > 0 && starts_well && is_inert(default)).then(|| Self {
            head: &text[..text.len() - default.len() - 1],
            text: default,
        })
    }

    fn with(&self, new: &str) -> Result<String, Refusal> {
        // In `${A:-b:?c}` another operator than the first would be taken.
        if !is_inert(new) {
            return Err(Refusal::Variable);
        }
        Ok(format!("{}{new}}}", self.head))
    }
}

/// Whether a text means itself as a default. Compose takes the leftmost operator, which is the one
/// in front of the default, so that operators in it do no harm.
fn is_inert(default: &str) -> bool {
    !default.contains(['$', '{', '}'])
}

/// An image taken apart at what stands outside of variables.
struct Parts<'t> {
    /// Everything in front of the tag.
    name: &'t str,
    /// The last component of the name.
    last: &'t str,
    tag: Option<&'t str>,
    digest: Option<&'t str>,
}

impl<'t> Parts<'t> {
    /// `None` if a variable is not closed.
    fn of(image: &'t str) -> Option<Self> {
        let mut slash = 0;
        let mut colon = None;
        let mut at = None;
        let mut depth = 0_usize;
        for (offset, byte) in image.bytes().enumerate() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.checked_sub(1)?,
                _ if depth > 0 || at.is_some() => {}
                b'/' => {
                    slash = offset + 1;
                    colon = None;
                }
                b':' => colon = Some(offset),
                b'@' => at = Some(offset),
                _ => {}
            }
        }
        let end = at.unwrap_or(image.len());
        let name_end = colon.unwrap_or(end);
        (depth == 0).then(|| Self {
            name: &image[..name_end],
            last: &image[slash..name_end],
            tag: colon.map(|colon| &image[colon + 1..end]),
            digest: at.map(|at| &image[at + 1..]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Refusal, replace, set_digest, set_tag};

    #[test]
    fn tags() {
        let cases = [
            ("nginx", Some("nginx:2")),
            ("nginx:1", Some("nginx:2")),
            ("localhost:5000/nginx", Some("localhost:5000/nginx:2")),
            ("localhost:5000/a/nginx:1", Some("localhost:5000/a/nginx:2")),
            ("nginx:1@sha256:abc", Some("nginx:2")),
            ("${REG}/nginx", Some("${REG}/nginx:2")),
            ("${REG:-a:1/b}/nginx:1", Some("${REG:-a:1/b}/nginx:2")),
            ("nginx:${TAG:-1}", Some("nginx:${TAG:-2}")),
            ("nginx:${TAG-1}", Some("nginx:${TAG-2}")),
            ("${IMAGE:-x:1}", Some("${IMAGE:-x:2}")),
            ("${IMAGE:-x}", Some("${IMAGE:-x:2}")),
            ("nginx:${TAG}", None),
            ("nginx:$TAG", None),
            ("nginx:${TAG:-1}-alpine", None),
            ("nginx:${TAG:-${OTHER}}", None),
            ("nginx:${TAG:?set it}", None),
            ("${IMAGE}", None),
            ("a/${IMAGE}", None),
            ("${IMAGE:-${OTHER:-x}}", None),
            ("nginx:${TAG", None),
            ("${1:-a}", None),
        ];
        for (image, expected) in cases {
            let found = set_tag(image, "2");
            assert_eq!(found.ok().as_deref(), expected, "{image}");
        }
        assert!(matches!(set_tag("nginx", "a b"), Err(Refusal::Image(_))));
        assert!(matches!(
            set_tag("nginx", "1@sha256:a"),
            Err(Refusal::Image(_))
        ));
    }

    #[test]
    fn digests() {
        let digest = format!("sha256:{}", "0".repeat(64));
        let cases = [
            ("nginx", Some("nginx@")),
            ("nginx:1", Some("nginx:1@")),
            ("nginx:1@sha256:old", Some("nginx:1@")),
            ("nginx:${TAG}", Some("nginx:${TAG}@")),
            ("${IMAGE}", None),
            ("nginx@${DIGEST}", None),
        ];
        for (image, expected) in cases {
            let found = set_digest(image, &digest);
            let expected = expected.map(|start| format!("{start}{digest}"));
            assert_eq!(found.ok(), expected, "{image}");
        }
        assert!(matches!(
            set_digest("nginx", "latest"),
            Err(Refusal::Image(_))
        ));
    }

    #[test]
    fn whole_values() {
        assert_eq!(replace("a", "b").ok().as_deref(), Some("b"));
        assert_eq!(
            replace("${A:-a}", "b:?c").ok().as_deref(),
            Some("${A:-b:?c}")
        );
        assert_eq!(replace("${A:-a}", "b$$"), Err(Refusal::Variable));
        assert_eq!(replace("x${A:-a}", "b"), Err(Refusal::Variable));
        assert_eq!(replace("a$$b$", "b").ok().as_deref(), Some("b"));
    }
}
