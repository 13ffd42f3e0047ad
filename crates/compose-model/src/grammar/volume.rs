//! The short form of volumes.

use std::fmt;

use crate::go;

/// What the short form of an entry of `volumes` mounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VolumeSpec {
    /// Whether it mounts a path or a volume.
    pub kind: MountType,
    /// The path on the host or the name of the volume; `None` for an anonymous volume.
    pub source: Option<String>,
    /// The path in the container, cleaned of `.`, `..` and superfluous slashes. Empty
    /// behind a `${` that is not closed; Compose refuses that later.
    pub target: String,
    /// Whether the option `ro` came last.
    pub read_only: bool,
    /// Set for bind mounts, and for volumes with an option that belongs here.
    pub bind: Option<BindOptions>,
    /// Set for volumes, except with texts of one or two bytes, and for bind mounts with `nocopy`.
    pub volume: Option<VolumeOptions>,
}

/// What is mounted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MountType {
    /// A path of the host.
    Bind,
    /// A volume.
    #[default]
    Volume,
    /// Memory; in the long form alone, like those below.
    Tmpfs,
    /// The file system of an image.
    Image,
    /// A volume of a Swarm.
    Cluster,
    /// A named pipe (Windows).
    NamedPipe,
}

/// Options of bind mounts. `create_host_path` is true in the short form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BindOptions {
    /// `private`, `shared`, `slave` or one of them with `r` in front.
    pub propagation: Option<String>,
    /// `z` or `Z`.
    pub selinux: Option<String>,
}

/// Options of volumes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VolumeOptions {
    /// Whether data of the image is not copied to an empty volume.
    pub nocopy: bool,
}

/// A short form that is no volume. `Display` is the wording of Docker Compose.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VolumeError {
    /// There is no text.
    Empty,
    /// Nothing between two colons, or in front of the first, or behind the last. Often that is a
    /// variable that is not set.
    EmptySection(String),
    /// More than three parts.
    TooManyColons(String),
}

impl MountType {
    /// The word that the long form has for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bind => "bind",
            Self::Volume => "volume",
            Self::Tmpfs => "tmpfs",
            Self::Image => "image",
            Self::Cluster => "cluster",
            Self::NamedPipe => "npipe",
        }
    }
}

impl VolumeSpec {
    /// Reads `[SOURCE:]TARGET[:OPTIONS]`.
    ///
    /// A source that begins with `.`, `/`, `~`, `\\` or a letter and a colon is a path, any other
    /// one the name of a volume. A single letter in front of a colon is the drive of a Windows
    /// path everywhere, so that `d:/d` is an anonymous volume. Colons within `${…}` do not count.
    /// Unknown options are ignored.
    ///
    /// # Errors
    /// See [`VolumeError`].
    ///
    /// ```
    /// use compose_model::{MountType, VolumeSpec};
    ///
    /// let volume = VolumeSpec::parse("./conf:/etc/app/:ro,z")?;
    /// assert_eq!(volume.kind, MountType::Bind);
    /// assert_eq!(volume.target, "/etc/app");
    /// assert!(volume.read_only);
    /// # Ok::<(), compose_model::VolumeError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, VolumeError> {
        let mut spec = Self::as_written(text)?;
        if !spec.target.is_empty() {
            spec.target = go::clean_path(&spec.target);
        }
        Ok(spec)
    }

    /// The same, with the target as it stands in the text.
    pub(crate) fn as_written(text: &str) -> Result<Self, VolumeError> {
        let mut spec = Self::default();
        if text.is_empty() {
            return Err(VolumeError::Empty);
        }
        if text.len() <= 2 {
            text.clone_into(&mut spec.target);
            return Ok(spec);
        }
        let mut start = 0;
        let mut substitutions = 0_usize;
        // Compose marks the end with a zero character, and takes one in the text for the end too.
        for (at, byte) in text.bytes().chain([0]).enumerate() {
            match byte {
                b'$' if text[at + 1..].starts_with('{') => substitutions += 1,
                b'}' if substitutions > 0 => substitutions -= 1,
                b':' if is_drive(&text[start..at]) => {}
                b':' | 0 if substitutions == 0 => {
                    spec.part(text, &text[start..at], byte == 0)?;
                    start = at + 1;
                }
                _ => {}
            }
        }
        if spec.source.as_deref().is_some_and(is_path) {
            spec.kind = MountType::Bind;
            spec.bind.get_or_insert_default();
        } else {
            spec.volume.get_or_insert_default();
        }
        Ok(spec)
    }

    /// The next part between colons, `last` at the end of the text.
    fn part(&mut self, text: &str, part: &str, last: bool) -> Result<(), VolumeError> {
        if part.is_empty() {
            return Err(VolumeError::EmptySection(text.to_owned()));
        }
        if self.source.is_none() {
            if last {
                part.clone_into(&mut self.target);
            } else {
                self.source = Some(part.to_owned());
            }
        } else if self.target.is_empty() {
            part.clone_into(&mut self.target);
        } else if !last {
            return Err(VolumeError::TooManyColons(text.to_owned()));
        } else {
            part.split(',').for_each(|option| self.option(option));
        }
        Ok(())
    }

    fn option(&mut self, option: &str) {
        match option {
            "ro" => self.read_only = true,
            "rw" => self.read_only = false,
            "nocopy" => self.volume = Some(VolumeOptions { nocopy: true }),
            "z" | "Z" => self.bind.get_or_insert_default().selinux = Some(option.to_owned()),
            "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave" => {
                self.bind.get_or_insert_default().propagation = Some(option.to_owned());
            }
            _ => {}
        }
    }
}

/// Whether a part before a colon is the letter of a drive.
fn is_drive(part: &str) -> bool {
    let mut letters = part.chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

fn is_path(source: &str) -> bool {
    source.starts_with(['.', '/', '~'])
        || source.starts_with("\\\\")
        || source
            .split_once(':')
            .is_some_and(|(part, _)| is_drive(part))
}

impl fmt::Display for VolumeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("invalid empty volume spec"),
            Self::EmptySection(text) => {
                write!(f, "invalid spec: {text}: empty section between colons")
            }
            Self::TooManyColons(text) => write!(f, "invalid spec: {text}: too many colons"),
        }
    }
}

impl std::error::Error for VolumeError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::VolumeSpec;

    /// As `type source -> target options`.
    fn printed(text: &str) -> Result<String, String> {
        let spec = VolumeSpec::parse(text).map_err(|error| error.to_string())?;
        let source = spec.source.map(|source| source + " -> ");
        let mut out = format!(
            "{} {}{}",
            spec.kind.as_str(),
            source.unwrap_or_default(),
            spec.target
        );
        if spec.read_only {
            out += " ro";
        }
        if let Some(bind) = spec.bind {
            out += " bind";
            let options = [bind.propagation, bind.selinux].into_iter().flatten();
            options.for_each(|option| out = format!("{out},{option}"));
        }
        if let Some(volume) = spec.volume {
            out += if volume.nocopy { " nocopy" } else { " volume" };
        }
        Ok(out)
    }

    #[track_caller]
    fn gives(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(printed(text).as_deref(), Ok(*expected), "{text}");
        }
    }

    #[test]
    fn anonymous_volumes() {
        gives(&[
            ("/a", "volume /a"),
            ("a", "volume a"),
            ("//", "volume /"),
            ("d:", "volume d:"),
            ("::", "volume ::"),
            ("a/b", "volume a/b volume"),
            ("/a/./b/", "volume /a/b volume"),
            ("./x", "volume x volume"),
            ("~/x", "volume ~/x volume"),
        ]);
    }

    #[test]
    fn paths_and_named_volumes() {
        gives(&[
            ("ab:/b", "volume ab -> /b volume"),
            ("ab/c:/b", "volume ab/c -> /b volume"),
            ("1:/b", "volume 1 -> /b volume"),
            (" /a:/b", "volume  /a -> /b volume"),
            ("./a:/b", "bind ./a -> /b bind"),
            ("../a:/b", "bind ../a -> /b bind"),
            (".a:/b", "bind .a -> /b bind"),
            ("~:/b", "bind ~ -> /b bind"),
            ("~user/a:/b", "bind ~user/a -> /b bind"),
            ("/a/../x:/b/../c/", "bind /a/../x -> /c bind"),
            ("/a:./b", "bind /a -> b bind"),
            ("\\\\pipe\\x:/b", "bind \\\\pipe\\x -> /b bind"),
        ]);
    }

    #[test]
    fn a_letter_before_a_colon_is_a_drive() {
        gives(&[
            ("a:b", "volume a:b volume"),
            ("d:/d", "volume d:/d volume"),
            ("é:/b", "volume é:/b volume"),
            ("d:/d:/e", "bind d:/d -> /e bind"),
            ("a:b:c:d", "bind a:b -> c:d bind"),
            ("C:\\a:C:\\b:ro", "bind C:\\a -> C:\\b ro bind"),
            ("ab:c:/d", "volume ab -> c:/d volume"),
            ("cd:e:f:g", "volume cd -> e:f volume"),
        ]);
    }

    #[test]
    fn options() {
        gives(&[
            ("ab:/b:rw,ro", "volume ab -> /b ro volume"),
            ("ab:/b:ro,rw", "volume ab -> /b volume"),
            ("ab:/b:nocopy", "volume ab -> /b nocopy"),
            ("ab:/b:ro,z", "volume ab -> /b ro bind,z volume"),
            ("ab:/b:rshared", "volume ab -> /b bind,rshared volume"),
            ("/a:/b:rslave,slave,Z", "bind /a -> /b bind,slave,Z"),
            ("/a:/b:nocopy", "bind /a -> /b bind nocopy"),
            ("ab:/b:RO, ro,cached,", "volume ab -> /b volume"),
        ]);
    }

    #[test]
    fn colons_in_variables_do_not_count() {
        gives(&[
            ("${V}:/x", "volume ${V} -> /x volume"),
            ("${V:-/a}:/x:ro", "volume ${V:-/a} -> /x ro volume"),
            ("/a:${V:-${W:-b}}", "bind /a -> ${V:-${W:-b}} bind"),
        ]);
    }

    #[test]
    fn there_is_no_target_behind_an_unclosed_variable() {
        gives(&[
            ("c:${V:/x", "volume  volume"),
            ("ab:${V:/x", "volume ab ->  volume"),
        ]);
    }

    #[test]
    fn errors() {
        assert_eq!(printed(""), Err("invalid empty volume spec".to_owned()));
        for text in [":/x", "/x:", "ab::/b", "ab:/b:", "xx:", "/x:/a:ro\0"] {
            let expected = format!("invalid spec: {text}: empty section between colons");
            assert_eq!(printed(text), Err(expected));
        }
        let expected = "invalid spec: ab:/b:ro:rw: too many colons".to_owned();
        assert_eq!(printed("ab:/b:ro:rw"), Err(expected));
    }

    proptest! {
        #[test]
        fn never_panics(text in "([abC:/.~,$\\{\\}\\\\]|ro|.){0,20}") {
            drop(printed(&text));
        }
    }
}
