//! What the texts of single values mean: sizes, durations, the short forms of ports and volumes.
//!
//! All follow Docker Compose v5.6.1, errors in its words included.

mod bytes;
mod command;
mod device;
mod duration;
mod hosts;
mod image;
mod mode;
mod port;
mod pull_policy;
mod volume;

pub use bytes::{ByteSize, ByteSizeError};
pub use command::{CommandError, command_words};
pub use device::{DeviceCountError, DeviceError, DeviceSpec, device_count};
pub use duration::{Duration, DurationError};
pub use hosts::{ExtraHosts, ExtraHostsError};
pub use image::{ImageError, ImageReference};
pub use mode::{FileMode, FileModeError};
pub use port::{PortError, PortSpec};
pub use pull_policy::is_pull_policy;
pub use volume::{BindOptions, MountType, VolumeError, VolumeOptions, VolumeSpec};
