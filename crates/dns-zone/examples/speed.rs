//! How long it takes to read a zone, check it, print it and compare it with another.
//!
//! `speed FILE ORIGIN [OTHER]` prints seconds, the best of five.

use std::time::{Duration, Instant};

use camino::Utf8PathBuf;
use dns_zone::{CheckOptions, LoadOptions, Name, ZoneFile};
use yaml_tree::{Disk, Files as _};

fn best<T>(mut work: impl FnMut() -> T) -> (Duration, T) {
    let mut last = None;
    let mut least = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        let value = work();
        least = least.min(start.elapsed());
        last = Some(value);
    }
    (least, last.expect("five rounds"))
}

#[expect(clippy::print_stdout, reason = "the figures are the output")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let file: Utf8PathBuf = words.next().ok_or("a zone file is missing")?.into();
    let origin: Name = words
        .next()
        .ok_or("the name of the zone is missing")?
        .parse()?;
    let other = words.next().map(Utf8PathBuf::from);
    let options = LoadOptions::new(origin);

    let text = Disk.read(&file)?;
    let (time, parsed) = best(|| ZoneFile::parse(file.as_str(), &text));
    println!(
        "cut     {:.4} s, {} entries",
        time.as_secs_f64(),
        parsed.entries().len()
    );
    let (time, loaded) = best(|| dns_zone::parse(file.as_str(), &text, &options));
    let records = loaded.zone.len();
    let rate = f64::from(u32::try_from(records)?) / time.as_secs_f64();
    println!(
        "parse   {:.4} s, {records} records, {rate:.0} a second",
        time.as_secs_f64()
    );
    let (time, found) = best(|| dns_zone::check(&loaded.clone(), &CheckOptions::default()));
    println!(
        "check   {:.4} s, {} findings",
        time.as_secs_f64(),
        found.len()
    );
    let (time, canonical) = best(|| loaded.zone.clone().to_canonical());
    println!(
        "print   {:.4} s, {} octets",
        time.as_secs_f64(),
        canonical.len()
    );
    if let Some(other) = other {
        let other = dns_zone::load(&other, &options, &Disk)?;
        let (time, diff) = best(|| loaded.zone.clone().diff(&other.zone.clone()));
        println!(
            "diff    {:.4} s, {} added, {} removed",
            time.as_secs_f64(),
            diff.added.len(),
            diff.removed.len()
        );
    }
    Ok(())
}
