//! Many at once.

use std::collections::BTreeSet;

use vault::{Error, OsRandom, Rules, SaveOptions, Secret};

use crate::support::Lab;

/// Every thread opens the vault for itself, as a process would: the lock is one of the file.
fn each<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..count).map(|at| scope.spawn(move || work(at))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

#[test]
fn twenty_that_ensure_one_key_get_one_value() {
    let lab = Lab::new();
    let values = each(20, |_| {
        let mut vault = lab.open();
        vault
            .ensure("shop/token", || Rules::default().generate(&mut OsRandom))
            .unwrap();
        vault.save(&SaveOptions::default()).unwrap();
        vault.get("shop/token").unwrap().expose().to_owned()
    });
    assert_eq!(values.iter().collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(lab.open().get("shop/token").unwrap().expose(), values[0]);
}

#[test]
fn twenty_that_ensure_different_keys_lose_none() {
    let lab = Lab::new();
    let made = each(20, |at| {
        let key = format!("group{}/key{at}", at % 3);
        let mut vault = lab.open();
        vault
            .ensure(&key, || Ok::<_, Error>(Secret::from(format!("value {at}"))))
            .unwrap();
        vault.save(&SaveOptions::default()).unwrap();
        (key, format!("value {at}"))
    });
    let vault = lab.open();
    for (key, value) in made {
        assert_eq!(vault.get(&key).unwrap().expose(), value);
    }
    assert_eq!(vault.groups().count(), 3);
}
