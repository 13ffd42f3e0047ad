//! A disk that is small enough to be filled.

use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

use crate::{oracle, run, skip};

/// A file system in memory that holds little, unmounted when dropped.
#[derive(Debug)]
pub struct SmallDisk(Utf8PathBuf);

impl SmallDisk {
    /// Mounts one of so many mebibytes at a directory, which is made. `None` where the user may not
    /// mount, which is said.
    ///
    /// # Panics
    ///
    /// When the directory cannot be made.
    #[track_caller]
    pub fn mount(path: impl Into<Utf8PathBuf>, mebibytes: u32) -> Option<Self> {
        oracle("mount")?;
        let path = path.into();
        if let Err(error) = fs_err::create_dir_all(&path) {
            panic!("{error}");
        }
        let disk = Self(path);
        if !disk.try_mount(&format!("size={mebibytes}m")) {
            skip("a file system in memory can be mounted by root alone");
            return None;
        }
        Some(disk)
    }

    /// Where it is.
    pub fn path(&self) -> &Utf8Path {
        &self.0
    }

    /// Lets nothing be written any more.
    ///
    /// # Panics
    ///
    /// When that is not possible.
    #[track_caller]
    pub fn freeze(&self) {
        assert!(self.try_mount("remount,ro"), "cannot freeze {}", self.0);
    }

    fn try_mount(&self, options: &str) -> bool {
        let args = ["-t", "tmpfs", "-o", options, "tmpfs", self.0.as_str()];
        run(Command::new("mount").args(args)).code == Some(0)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        run(Command::new("umount").args(["-l", self.0.as_str()]));
    }
}
