//! Puts the commit that a build was made from into `TERCIO_GIT`, for manifests.

use std::path::Path;
use std::process::Command;

/// What git says to a question, if it says anything.
fn git(question: &[&str]) -> Option<String> {
    let output = Command::new("git").args(question).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

fn main() {
    let hash = git(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo:rustc-env=TERCIO_GIT={hash}");
    println!("cargo:rerun-if-changed=build.rs");
    // A path that is not there would build everything anew each time, and in a worktree `.git` is
    // a file. The log moves with every commit.
    let watched = ["HEAD", "logs/HEAD"]
        .into_iter()
        .filter_map(|name| git(&["rev-parse", "--git-path", name]))
        .filter(|path| Path::new(path).exists());
    for path in watched {
        println!("cargo:rerun-if-changed={path}");
    }
}
