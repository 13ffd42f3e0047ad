//! Which elements there are, and in which order they are written.

/// The elements below one of this name, in the order in which they are written; `None` when it has
/// text and no elements.
pub(super) fn below(parent: &str) -> Option<&'static [&'static str]> {
    TABLE
        .iter()
        .find(|(name, _)| *name == parent)
        .map(|(_, children)| *children)
}

/// The name without a copy, if it is one of a vault.
pub(super) fn known(name: &str) -> Option<&'static str> {
    // the commonest first: this is asked for every element
    const COMMON: [&str; 12] = [
        "String",
        "Key",
        "Value",
        "Entry",
        "UUID",
        "Times",
        "CreationTime",
        "ExpiryTime",
        "Expires",
        "LastAccessTime",
        "LastModificationTime",
        "LocationChanged",
    ];
    let common = COMMON.iter().find(|known| **known == name);
    let rare = || {
        let mut all = TABLE
            .iter()
            .flat_map(|(parent, children)| std::iter::once(parent).chain(*children));
        all.find(|known| **known == name)
    };
    common.or_else(rare).copied()
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
