//! `labbackup plan`.

use backup::plan::{self, Disk, Look, Nothing, Options, Plan};
use engine::{Endpoint, Engine};

use super::json;
use crate::args::PlanArgs;
use crate::exit;
use crate::world::World;

/// Shows what a run would do. Without an engine, or files alone, what is known of them.
pub(crate) async fn plan(args: &PlanArgs, world: &mut World<'_, '_>) -> u8 {
    let reachable = if args.no_engine {
        false
    } else {
        match world.engine().await {
            Ok(_) => true,
            Err(error) => {
                world.note(&format!("note: {error}; this is a plan of the files alone"));
                false
            }
        }
    };
    let found = match world.services(reachable).await {
        Ok(found) => found,
        Err(code) => return code,
    };
    let mut options = Options::default();
    options.only.clone_from(&args.services);
    options.without_engine = true;
    options.target = world.target();
    let (plan, findings) = plan::plan(found.services, &options, look(found.engine.as_ref()));
    if let Some(code) = world.show(&findings) {
        return code;
    }
    print(&plan, world);
    exit::DONE
}

/// The disk of an engine that is elsewhere is not ours to look at.
pub(crate) fn look(engine: Option<&Engine>) -> &'static dyn Look {
    match engine.map(Engine::endpoint) {
        None | Some(Endpoint::Socket(_)) => &Disk,
        Some(_) => &Nothing,
    }
}

pub(crate) fn print(plan: &Plan, world: &mut World<'_, '_>) {
    if world.args.json {
        world.io.data(json(plan));
    } else {
        world.io.data(plan.to_string());
        for (from, bytes) in plan.estimates() {
            world.io.data(format!(
                "about {} in all, from {from}\n",
                super::size(bytes)
            ));
        }
    }
}
