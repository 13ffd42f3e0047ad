//! Placeholder.
mod discover;
pub mod dotenv;
pub mod duration;
mod env;
mod error;
pub mod expand;
mod expr {
    //! stub
    pub struct Expr;
    pub struct ExprError;
    impl Expr {
        pub fn parse(_: &str) -> Result<Expr, ExprError> {
            Ok(Expr)
        }
    }
    impl ExprError {
        pub fn start(&self) -> usize {
            0
        }
        pub fn end(&self) -> usize {
            0
        }
        pub fn help(&self) -> Option<String> {
            None
        }
    }
    impl std::fmt::Display for ExprError {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            Ok(())
        }
    }
}
mod files;
mod layers;
mod loader;
pub mod model;
mod module;
mod parse;
mod paths;
mod plan;
mod project;
mod route;
mod task_id;
pub mod words;

pub use discover::{CASTFILE_NAMES, WorkspaceProject, WorkspaceScan, find_upward, scan_workspace};
pub use env::{Env, Origin, Var};
pub use error::Error;
pub use expand::CommandSubstitution;
pub use files::{DirEntry, Disk, FileKind, Files, MemoryFiles};
pub use layers::{Host, Session};
pub use loader::Loader;
pub use parse::{MAX_BYTES, parse, parse_inventory};
pub use paths::UserDirs;
pub use plan::{Plan, Reason, Step};
pub use project::{Module, Project, ProjectTask, Shadowed};
pub use route::Selection;
pub use task_id::TaskId;
