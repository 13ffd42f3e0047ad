//! The throw-away network, and what is made on it.

use std::collections::BTreeMap;

use camino::Utf8Path;
use engine::{Engine, Spec};
use rand::Rng as _;

use super::{LABEL, sweep};
use crate::Error;
use crate::manifest::Manifest;

/// A network of its own without a way out, and containers on it that publish nothing.
#[derive(Debug)]
#[must_use]
pub(super) struct Place<'e> {
    pub(super) engine: &'e Engine,
    pub(super) target: &'e Utf8Path,
    name: String,
    labels: BTreeMap<String, String>,
}

impl<'e> Place<'e> {
    /// Makes the network. What is made in the place has its label, and goes with it.
    pub(super) async fn make(engine: &'e Engine, target: &'e Utf8Path) -> Result<Self, Error> {
        let tail: String = format!("{:08x}", rand::rng().random::<u32>());
        let name = format!("labbackup-drill-{tail}");
        let labels = BTreeMap::from([(LABEL.to_owned(), target.to_string())]);
        engine.create_network(&name, true, &labels).await?;
        Ok(Self {
            engine,
            target,
            name,
            labels,
        })
    }

    /// A container on the network that is called as the service is. It has no label but ours: what
    /// a proxy or Compose looks for is not there.
    pub(super) fn spec(&self, service: &str, image: &str) -> Spec {
        let plain: String = service
            .chars()
            .filter(|letter| letter.is_ascii_alphanumeric() || "_.-".contains(*letter))
            .collect();
        let tail: String = format!("{:04x}", rand::rng().random::<u16>());
        let mut spec = Spec::new(format!("{}-{plain}-{tail}", self.name), image);
        spec.network = Some(self.name.clone());
        spec.aliases.push(service.to_owned());
        spec.labels.clone_from(&self.labels);
        spec
    }

    /// An empty volume.
    pub(super) async fn volume(&self) -> Result<String, Error> {
        let name = format!("{}-{:08x}", self.name, rand::rng().random::<u32>());
        self.engine.create_volume(&name, &self.labels).await?;
        Ok(name)
    }

    /// The last line that a container has printed.
    pub(super) async fn last_words(&self, container: &str) -> Option<String> {
        let text = self.engine.logs(container, 5).await.ok()?;
        text.lines()
            .rev()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .map(str::to_owned)
    }

    /// Removes everything; `false` if something stays. By label and not by a list of what was made:
    /// who was interrupted does not know what the engine has come to.
    pub(super) async fn take_down(self) -> bool {
        for _ in 0..3 {
            if sweep(self.engine, self.target).await.is_ok() {
                return true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        }
        false
    }
}

/// The image of a dump if it is still there, else one of its name.
pub(super) async fn image(engine: &Engine, manifest: &Manifest) -> Result<String, Error> {
    for image in [
        Some(&manifest.image_id),
        manifest.image_digest.as_ref(),
        Some(&manifest.image),
    ] {
        let Some(image) = image.filter(|image| !image.is_empty()) else {
            continue;
        };
        match engine.image(image).await {
            Ok(_) => return Ok(image.clone()),
            Err(engine::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Refused {
        why: format!(
            "the image `{}` is not on this engine any more: pull it first",
            manifest.image
        ),
    })
}
