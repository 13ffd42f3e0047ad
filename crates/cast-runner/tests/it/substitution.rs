//! `$(command)`.

use cast_runner::run_substitution;

use crate::support::{Place, strings};

#[test]
fn output_is_trimmed_and_failure_described() {
    let mut place = Place::new();
    place.env.insert("X".to_owned(), "from env".to_owned());
    let run = |words: &[&str]| run_substitution(&strings(words), &place.env, place.cwd());
    assert_eq!(run(&["printf", " \n a b\n\n"]), Ok("a b".to_owned()));
    assert_eq!(
        run(&["sh", "-c", "echo $X; pwd"]),
        Ok(format!("from env\n{}", place.cwd()))
    );
    // no shell, nothing to read, no standard error
    assert_eq!(run(&["echo", "$X", "|", "wc"]), Ok("$X | wc".to_owned()));
    assert_eq!(run(&["cat"]), Ok(String::new()));
    assert_eq!(
        run(&["sh", "-c", "echo noise >&2; echo x"]),
        Ok("x".to_owned())
    );

    assert_eq!(
        run(&["false"]),
        Err("`false` ended with exit code 1".to_owned())
    );
    assert_eq!(
        run(&[
            "sh",
            "-c",
            "echo; echo ' it broke' >&2; echo more >&2; exit 3"
        ]),
        Err("`sh` ended with exit code 3: it broke".to_owned())
    );
    assert_eq!(
        run(&["sh", "-c", "kill $$"]),
        Err("`sh` was ended by SIGTERM".to_owned())
    );
    assert_eq!(run(&[]), Err("the command is empty".to_owned()));
    assert_eq!(
        run(&["printf", "\\377"]),
        Err("the output of `printf` is not UTF-8 text".to_owned())
    );
}

#[test]
fn programs_come_from_the_given_path() {
    let mut place = Place::new();
    place.env.insert("PATH".to_owned(), "./bin".to_owned());
    let run = || run_substitution(&strings(&["mine"]), &place.env, place.cwd());
    assert_eq!(
        run(),
        Err("`mine` was not found; PATH is `./bin`".to_owned())
    );
    fs_err::create_dir(place.file("bin")).unwrap();
    place.write("bin/mine", "#!/bin/sh\necho mine\n");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(place.file("bin/mine"), mode).unwrap();
    assert_eq!(run(), Ok("mine".to_owned()));
}
