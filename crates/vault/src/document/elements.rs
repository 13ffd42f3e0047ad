//! Which elements there are, and in which order they are written.

use std::sync::LazyLock;

/// The elements below one of this name, in the order in which they are written; `None` when it has
/// text and no elements.
pub(super) fn below(parent: &str) -> Option<&'static [&'static str]> {
    TABLE
        .iter()
        .find(|(name, _)| *name == parent)
        .map(|(_, children)| *children)
}

/// All names of a vault, each once.
pub(super) fn names() -> &'static [&'static str] {
    &NAMES.list
}

/// Which of them a name is.
pub(super) fn known(name: &str) -> Option<u32> {
    let names = &*NAMES;
    let mut slot = first_slot(name.as_bytes());
    loop {
        let at = names.slots[slot];
        let known = names.list.get(usize::from(at))?;
        if *known == name {
            return Some(at.into());
        }
        slot = (slot + 1) % SLOTS;
    }
}

/// More than three times as many as there are names. This is asked for every element.
const SLOTS: usize = 256;

struct Names {
    list: Vec<&'static str>,
    /// Positions in the list, each in the first free slot from the one that its name gives.
    slots: [u8; SLOTS],
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names {
        list: Vec::new(),
        slots: [u8::MAX; SLOTS],
    };
    let all = TABLE
        .iter()
        .flat_map(|(parent, children)| std::iter::once(parent).chain(*children));
    for name in all {
        if names.list.contains(name) {
            continue;
        }
        let mut slot = first_slot(name.as_bytes());
        while names.slots[slot] != u8::MAX {
            slot = (slot + 1) % SLOTS;
        }
        names.slots[slot] = u8::try_from(names.list.len()).expect("there are about eighty names");
        names.list.push(name);
    }
    names
});

fn first_slot(name: &[u8]) -> usize {
    let at = |at: usize| usize::from(name.get(at).copied().unwrap_or_default());
    let (middle, last) = (name.len() / 2, name.len().saturating_sub(1));
    (name.len() * 17 + at(0) * 7 + at(middle) * 3 + at(last) * 13) % SLOTS
}

/// Elements which may be dropped: the older format's checksum, which the newer one has elsewhere,
/// and a setting that KeePass itself has given up.
pub(super) fn is_obsolete(parent: &str, name: &str) -> bool {
    matches!(
        (parent, name),
        ("Meta", "HeaderHash") | ("MemoryProtection", "AutoEnableVisualHiding")
    )
}

/// Whether an empty one says something, or has to be there.
pub(super) fn stays_empty(name: &str) -> bool {
    matches!(
        name,
        "UUID" | "Name" | "Key" | "Value" | "Window" | "KeystrokeSequence" | "Data" | "Binary"
    )
}

/// Whether the text is a time.
pub(super) fn is_time(name: &str) -> bool {
    name.ends_with("Changed") || name.ends_with("Time")
}

const TABLE: &[(&str, &[&str])] = &[
    ("KeePassFile", &["Meta", "Root"]),
    (
        "Meta",
        &[
            "Generator",
            "DatabaseName",
            "DatabaseNameChanged",
            "DatabaseDescription",
            "DatabaseDescriptionChanged",
            "DefaultUserName",
            "DefaultUserNameChanged",
            "MaintenanceHistoryDays",
            "Color",
            "MasterKeyChanged",
            "MasterKeyChangeRec",
            "MasterKeyChangeForce",
            "MemoryProtection",
            "CustomIcons",
            "RecycleBinEnabled",
            "RecycleBinUUID",
            "RecycleBinChanged",
            "EntryTemplatesGroup",
            "EntryTemplatesGroupChanged",
            "LastSelectedGroup",
            "LastTopVisibleGroup",
            "HistoryMaxItems",
            "HistoryMaxSize",
            "SettingsChanged",
            "Binaries",
            "CustomData",
        ],
    ),
    (
        "MemoryProtection",
        &[
            "ProtectTitle",
            "ProtectUserName",
            "ProtectPassword",
            "ProtectURL",
            "ProtectNotes",
        ],
    ),
    ("CustomIcons", &["Icon"]),
    ("Icon", &["UUID", "Name", "LastModificationTime", "Data"]),
    ("Binaries", &["Binary"]),
    ("CustomData", &["Item"]),
    ("Item", &["Key", "Value", "LastModificationTime"]),
    ("Root", &["Group", "DeletedObjects"]),
    ("DeletedObjects", &["DeletedObject"]),
    ("DeletedObject", &["UUID", "DeletionTime"]),
    (
        "Group",
        &[
            "UUID",
            "Name",
            "Notes",
            "Tags",
            "IconID",
            "CustomIconUUID",
            "Times",
            "IsExpanded",
            "DefaultAutoTypeSequence",
            "EnableAutoType",
            "EnableSearching",
            "LastTopVisibleEntry",
            "CustomData",
            "PreviousParentGroup",
            "Group",
            "Entry",
        ],
    ),
    (
        "Entry",
        &[
            "UUID",
            "IconID",
            "CustomIconUUID",
            "ForegroundColor",
            "BackgroundColor",
            "OverrideURL",
            "Tags",
            "Times",
            "String",
            "Binary",
            "AutoType",
            "History",
            "CustomData",
            "QualityCheck",
            "PreviousParentGroup",
        ],
    ),
    (
        "Times",
        &[
            "CreationTime",
            "LastModificationTime",
            "LastAccessTime",
            "ExpiryTime",
            "Expires",
            "UsageCount",
            "LocationChanged",
        ],
    ),
    ("String", &["Key", "Value"]),
    (
        "AutoType",
        &[
            "Enabled",
            "DataTransferObfuscation",
            "DefaultSequence",
            "Association",
        ],
    ),
    ("Association", &["Window", "KeystrokeSequence"]),
    ("History", &["Entry"]),
];

/// `Binary` is an attachment below `Binaries`, and a reference to one below `Entry`.
pub(super) fn below_in(grandparent: &str, parent: &str) -> Option<&'static [&'static str]> {
    match (grandparent, parent) {
        ("Entry", "Binary") => Some(&["Key", "Value"]),
        _ => below(parent),
    }
}

/// Whether several of them may stand in one parent.
pub(super) fn is_repeated(name: &str) -> bool {
    matches!(
        name,
        "Icon" | "Binary" | "Item" | "DeletedObject" | "Group" | "Entry" | "String" | "Association"
    )
}
