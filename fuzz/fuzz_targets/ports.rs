//! Any text as a short form: ports, volumes, devices, images, commands.
#![no_main]

use compose_model::{DeviceSpec, ImageReference, PortSpec, VolumeSpec, command_words};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(ports) = PortSpec::parse(text) {
        assert!(!ports.is_empty() && ports.len() <= 65_536);
    }
    let _volume = VolumeSpec::parse(text);
    let _device = DeviceSpec::parse(text);
    let _words = command_words(text);
    if let Ok(image) = text.parse::<ImageReference>() {
        assert_eq!(image.to_string().parse::<ImageReference>(), Ok(image));
    }
});
