//! A stream that is larger than any memory.

use std::process::Stdio;
use std::time::{Duration, Instant};

use homelab_tests::labbackup_exe;

use super::stand_in::{StandIn, sql};
use super::{Lab, manifest};

/// The most that `labbackup` may hold, whatever the size. A build for tests is a large program itself.
const MOST: u64 = 64 << 20;

/// What memory it had at its most, in bytes, as the system says while it runs.
fn peak(pid: u32) -> Option<u64> {
    let status = fs_err::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let number = line.trim().strip_suffix("kB")?.trim().parse::<u64>();
    number.ok().map(|number| number << 10)
}

/// `HOMELAB_STREAM_MB` is the size, 256 unless it is set; 10240 is 10 GB. One part in eight is random and
/// does not become smaller, the rest is text that repeats itself.
#[test]
fn a_fake_dumper_of_any_size_takes_no_more_memory() {
    let Some(lab) = Lab::new("large") else { return };
    let megabytes: u64 = std::env::var("HOMELAB_STREAM_MB").map_or(256, |text| {
        text.parse().expect("HOMELAB_STREAM_MB is a number")
    });
    // Of what it consists: a megabyte of base64 of random bytes, and seven of lines.
    let rows = format!(
        "r() {{ head -c 786432 /dev/urandom | base64 -w 0; echo; }}\n\
         r >/tmp/random\n\
         yes 'a row of text\tthat is like the next one\t12345' | head -c 7340032 >/tmp/rows; echo >>/tmp/rows\n\
         i=0; while [ $i -lt {} ]; do if [ $((i % 16)) = 0 ]; then r >/tmp/random; fi; cat /tmp/random /tmp/rows; i=$((i+1)); done",
        megabytes / 8
    );
    let options = ["--label", "backup.timeout=3h"];
    let Some(_db) = StandIn::start(&lab, "db", &sql(&rows), &options) else {
        return;
    };
    let start = Instant::now();
    let mut child = lab
        .sandbox
        .command(labbackup_exe())
        .args(["run", "-q", &lab.service("db")])
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        most = most.max(peak(child.id()).unwrap_or_default());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(child.wait().unwrap().success());
    let found = manifest(&lab.dumps("db").pop().unwrap());
    let bytes = found["raw"]["bytes"].as_u64().unwrap();
    assert!(bytes >= megabytes << 20, "{bytes}");
    let told = format!(
        "{bytes} bytes in {:.1} s, at most {} KiB of memory",
        start.elapsed().as_secs_f64(),
        most >> 10
    );
    println!("{told}");
    assert!(most > 0 && most <= MOST, "{told}");
}
