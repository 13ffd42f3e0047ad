//! Devices and requests for them.

use thiserror::Error;

use crate::go;

/// The short form of an entry of `devices`: `SOURCE[:TARGET[:PERMISSIONS]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceSpec {
    /// The path on the host, or the name of a CDI device such as `nvidia.com/gpu=all`.
    pub source: String,
    /// The path in the container, the same as `source` if there is none.
    pub target: String,
    /// Any of `r`, `w` and `m`; all of them if not given. May be empty (`/a:/b:`), and is not
    /// checked.
    pub permissions: String,
}

/// A device with more than three parts.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("confusing device mapping, please use long syntax: {0}")]
pub struct DeviceError(String);

impl DeviceSpec {
    /// Reads the short form.
    ///
    /// # Errors
    /// If it has more than three parts.
    ///
    /// ```
    /// let device = compose_model::DeviceSpec::parse("/dev/ttyUSB0:/dev/zigbee")?;
    /// assert_eq!(device.target, "/dev/zigbee");
    /// assert_eq!(device.permissions, "rwm");
    /// # Ok::<(), compose_model::DeviceError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, DeviceError> {
        let mut parts = text.split(':');
        let source = parts.next().unwrap_or_default();
        let target = parts.next().filter(|target| !target.is_empty());
        let permissions = parts.next();
        if parts.next().is_some() {
            return Err(DeviceError(text.to_owned()));
        }
        Ok(Self {
            source: source.to_owned(),
            target: target.unwrap_or(source).to_owned(),
            permissions: permissions.unwrap_or("rwm").to_owned(),
        })
    }
}

/// A number of devices that is none.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("invalid value {}, the only value allowed is 'all' or a number", go::quote(.0))]
pub struct DeviceCountError(String);

/// The `count` of a request for devices (`gpus`, `deploy.resources.reservations.devices`) written
/// as text: a number, or `all` in any case, which is -1.
///
/// # Errors
/// If it is neither.
pub fn device_count(text: &str) -> Result<i64, DeviceCountError> {
    if text.to_lowercase() == "all" {
        return Ok(-1);
    }
    go::parse_int(text, 10).map_err(|_| DeviceCountError(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{DeviceSpec, device_count};

    #[test]
    fn short_forms() {
        for (text, source, target, permissions) in [
            ("/dev/a", "/dev/a", "/dev/a", "rwm"),
            ("/dev/a:/dev/b", "/dev/a", "/dev/b", "rwm"),
            ("/dev/a:/dev/b:r", "/dev/a", "/dev/b", "r"),
            ("/dev/a:rw", "/dev/a", "rw", "rwm"),
            ("", "", "", "rwm"),
            (":", "", "", "rwm"),
            ("/a:", "/a", "/a", "rwm"),
            ("/a::r", "/a", "/a", "r"),
            (":/b", "", "/b", "rwm"),
            ("/a:/b:", "/a", "/b", ""),
            ("/a:/b:xyz", "/a", "/b", "xyz"),
            (
                "nvidia.com/gpu=all",
                "nvidia.com/gpu=all",
                "nvidia.com/gpu=all",
                "rwm",
            ),
            ("v.com/c=a:b", "v.com/c=a", "b", "rwm"),
        ] {
            let device = DeviceSpec::parse(text).unwrap();
            let found = (&*device.source, &*device.target, &*device.permissions);
            assert_eq!(found, (source, target, permissions), "{text}");
        }
        assert_eq!(
            DeviceSpec::parse("/a:/b:c:d").unwrap_err().to_string(),
            "confusing device mapping, please use long syntax: /a:/b:c:d"
        );
    }

    #[test]
    fn counts() {
        for (text, expected) in [("all", -1), ("ALL", -1), ("1", 1), ("+1", 1), ("-1", -1)] {
            assert_eq!(device_count(text), Ok(expected));
        }
        for text in ["", "x", " 1", "0x1", "99999999999999999999"] {
            assert_eq!(
                device_count(text).unwrap_err().to_string(),
                format!("invalid value \"{text}\", the only value allowed is 'all' or a number")
            );
        }
    }
}
