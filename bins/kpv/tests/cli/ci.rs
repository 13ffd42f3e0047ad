//! Build services.

use crate::commands::mode;
use crate::support::Lab;

#[test]
fn github_actions_masks_before_it_sets() {
    let mut lab = Lab::with(&[("a/one", "first"), ("a/two", "li%ne 1\nline 2")]);
    lab.sandbox.set("GITHUB_ENV", "github.env");
    let got = lab
        .kpv(&["env", "-f", "github-actions", "--names", "leaf"])
        .success();
    assert_eq!(
        got.stdout,
        "::add-mask::first\n::add-mask::li%25ne 1\n::add-mask::line 2\n"
    );
    let file = lab.sandbox.path().join("github.env");
    let text = fs_err::read_to_string(&file).unwrap();
    let delimiter = text.lines().nth(1).unwrap().strip_prefix("TWO<<").unwrap();
    assert!(delimiter.starts_with("ghadelimiter_"), "{text}");
    assert_eq!(
        text,
        format!("ONE=first\nTWO<<{delimiter}\nli%ne 1\nline 2\n{delimiter}\n")
    );
    assert_eq!(mode(&file), 0o600);
    // a second step appends
    lab.kpv(&["get", "a/one", "-f", "github", "--prefix", "X_"])
        .success();
    assert!(
        fs_err::read_to_string(&file)
            .unwrap()
            .ends_with("X_A_ONE=first\n")
    );
}

#[test]
fn azure_pipelines_gets_secret_variables() {
    let lab = Lab::with(&[("a", "x;y]%\n")]);
    let got = lab.kpv(&["env", "-f", "azure-devops"]).success().stdout;
    assert_eq!(
        got,
        "##vso[task.setvariable variable=A;issecret=true]x%3By%5D%AZP25%0A\n"
    );
}

#[test]
fn runfiles_are_appended_to() {
    let mut lab = Lab::with(&[("a", "1")]);
    lab.sandbox.set("RUN_SECRETS", "secrets");
    assert_eq!(lab.kpv(&["env", "-f", "run"]).success().stdout, "");
    assert_eq!(
        fs_err::read_to_string(lab.sandbox.path().join("secrets")).unwrap(),
        "A=1\n"
    );
}
