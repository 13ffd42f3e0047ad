//! `labbackup labels`.

use backup::labels::KEYS;
use serde_json::json;

use crate::exit;
use crate::world::World;

/// The vocabulary.
pub(crate) fn labels(world: &mut World<'_, '_>) -> u8 {
    if world.args.json {
        let list: Vec<_> = KEYS
            .iter()
            .map(|(key, takes, does)| json!({ "key": key, "takes": takes, "does": does }))
            .collect();
        world.io.data(super::json(&list));
        return exit::DONE;
    }
    for (key, takes, does) in KEYS {
        world.io.line(format!("{key}: {takes}\n    {does}"));
    }
    exit::DONE
}
