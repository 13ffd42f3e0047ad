//! One entry of a vault, as it is read.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

use crate::change::needs_protection;
use crate::{KeyPath, Secret};

/// The names of the fields every entry has.
pub mod fields {
    /// The title, which is the last part of the key.
    pub const TITLE: &str = "Title";
    /// The user name.
    pub const USERNAME: &str = "UserName";
    /// The password: *the* secret of an entry.
    pub const PASSWORD: &str = "Password";
    /// The address.
    pub const URL: &str = "URL";
    /// The notes.
    pub const NOTES: &str = "Notes";
    /// The address of a one-time password, as KeePassXC keeps it.
    pub const OTP: &str = "otp";
    /// Where the Go kpv keeps the user name.
    pub(crate) const KPV_USERNAME: &str = "Username";
    /// Where the Go kpv keeps a second key.
    pub(crate) const KPV_PATH: &str = "BEARZ_PATH";

    /// Those that KeePass itself knows.
    pub(crate) const STANDARD: [&str; 5] = [TITLE, USERNAME, PASSWORD, URL, NOTES];
}

/// The identity of an entry, which stays when it is renamed or moved.
pub(crate) type Uuid = [u8; 16];

/// One entry of a vault, with its values.
///
/// `Debug` shows no values.
#[derive(Debug, Clone)]
pub struct Entry {
    pub(crate) id: Uuid,
    pub(crate) groups: Arc<[String]>,
    pub(crate) fields: Vec<Field>,
    pub(crate) tags: Vec<String>,
    /// Seconds since 1970.
    pub(crate) created: Option<i64>,
    pub(crate) modified: Option<i64>,
    pub(crate) expires: Option<i64>,
    pub(crate) attachments: Vec<Attachment>,
    /// Oldest first.
    pub(crate) history: Vec<Self>,
    pub(crate) is_recycled: bool,
}

/// One field of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its text.
    pub value: Secret,
    /// Whether it is encrypted a second time inside the vault and hidden by programs that show it.
    pub is_protected: bool,
}

/// A file kept in an entry.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    pub(crate) name: String,
    pub(crate) is_protected: bool,
    pub(crate) data: Arc<Zeroizing<Vec<u8>>>,
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attachment({:?}, {} bytes)", self.name, self.data.len())
    }
}

impl Attachment {
    /// The name of the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether programs should keep it encrypted in memory.
    pub fn is_protected(&self) -> bool {
        self.is_protected
    }

    /// Its content.
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

impl Entry {
    /// The key: groups and title.
    pub fn key(&self) -> KeyPath {
        KeyPath::of(&self.groups, self.title())
    }

    /// The groups it stands in, from the outermost on.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// The title.
    pub fn title(&self) -> &str {
        self.text(fields::TITLE)
    }

    /// The password, which is *the* secret; empty if there is none.
    pub fn password(&self) -> Secret {
        self.field(fields::PASSWORD)
            .map(|field| field.value.clone())
            .unwrap_or_default()
    }

    /// The user name; also where the Go kpv kept it. Empty if there is none.
    pub fn username(&self) -> &str {
        match self.text(fields::USERNAME) {
            "" => self.text(fields::KPV_USERNAME),
            name => name,
        }
    }

    /// The address; empty if there is none.
    pub fn url(&self) -> &str {
        self.text(fields::URL)
    }

    /// The notes; empty if there are none.
    pub fn notes(&self) -> &str {
        self.text(fields::NOTES)
    }

    fn text(&self, name: &str) -> &str {
        self.field(name).map_or("", |field| field.value.expose())
    }

    /// A field by its exact name, see [`fields`].
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// A field as people name it: `password`, `username`, `url`, `notes`, `title`, `otp` in any
    /// case, else one that exists, its case ignored unless that makes two of one.
    pub fn field_named(&self, name: &str) -> Option<&Field> {
        if let Some(field) = self.field(name) {
            return Some(field);
        }
        if name.eq_ignore_ascii_case("username") {
            let own = self
                .field(fields::USERNAME)
                .filter(|field| !field.value.is_empty());
            return own
                .or_else(|| self.field(fields::KPV_USERNAME))
                .or_else(|| self.field(fields::USERNAME));
        }
        let name = name.to_lowercase();
        let mut found = self
            .fields
            .iter()
            .filter(|field| field.name.to_lowercase() == name);
        let field = found.next()?;
        found.next().is_none().then_some(field)
    }

    /// All fields, the standard ones included.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The fields that KeePass itself does not know.
    pub fn custom_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields
            .iter()
            .filter(|field| !fields::STANDARD.contains(&field.name.as_str()))
    }

    /// The tags.
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// When it was made.
    pub fn created(&self) -> Option<SystemTime> {
        self.created.map(system_time)
    }

    /// When it was last changed.
    pub fn modified(&self) -> Option<SystemTime> {
        self.modified.map(system_time)
    }

    /// When it expires, if it does.
    pub fn expires(&self) -> Option<SystemTime> {
        self.expires.map(system_time)
    }

    /// The attachments.
    pub fn attachments(&self) -> &[Attachment] {
        &self.attachments
    }

    /// Earlier versions, the oldest first.
    pub fn history(&self) -> &[Self] {
        &self.history
    }

    /// Whether it is the entry "Sample Entry" without a password which the Go kpv puts into every
    /// new vault.
    pub fn is_sample(&self) -> bool {
        self.title() == "Sample Entry" && self.password().is_empty()
    }

    /// The key in lower case, as it is looked for.
    pub(crate) fn folded(&self) -> String {
        self.key().to_string().to_lowercase()
    }

    /// Puts the earlier versions in order.
    pub(crate) fn settle(mut self) -> Self {
        self.history.sort_by_key(|version| version.modified);
        self
    }

    /// Whether two entries say the same, wherever and in which order they do.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let sorted = |entry: &Self| {
            let (mut fields, mut files) = (entry.fields.clone(), entry.attachments.clone());
            for field in &mut fields {
                // what cannot be kept otherwise is protected when it is written
                field.is_protected |= needs_protection(field.value.expose());
            }
            fields.sort_by(|left, right| left.name.cmp(&right.name));
            files.sort_by(|left, right| left.name.cmp(&right.name));
            (fields, files)
        };
        self.id == other.id
            && self.groups == other.groups
            && self.tags == other.tags
            && (self.created, self.modified, self.expires)
                == (other.created, other.modified, other.expires)
            && self.is_recycled == other.is_recycled
            && sorted(self) == sorted(other)
            && self.history.len() == other.history.len()
            && std::iter::zip(&self.history, &other.history)
                .all(|(left, right)| left.is_same(right))
    }
}

/// A time of the vault as the standard library has it.
pub(crate) fn system_time(unix: i64) -> SystemTime {
    let distance = Duration::from_secs(unix.unsigned_abs());
    if unix < 0 {
        SystemTime::UNIX_EPOCH - distance
    } else {
        SystemTime::UNIX_EPOCH + distance
    }
}

/// A time in whole seconds since 1970.
pub(crate) fn unix(time: SystemTime) -> i64 {
    let seconds = |distance: Duration| i64::try_from(distance.as_secs()).unwrap_or(i64::MAX);
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => seconds(after),
        Err(before) => -seconds(before.duration()),
    }
}

/// Tags as one text holds them.
pub(crate) fn split_tags(text: &str) -> Vec<String> {
    let tags = text.split([';', ',', '\t']).map(str::trim);
    tags.filter(|tag| !tag.is_empty())
        .map(str::to_owned)
        .collect()
}
