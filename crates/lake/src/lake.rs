//! The door: from a location to a source.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::error::LakeError;
use crate::http::{HttpClient, HttpOptions, HttpSource};
use crate::local::LocalSource;
use crate::location::Location;
use crate::source::Source;

/// Opens sources, and holds what the remote ones share: options, connections and the thread that
/// drives them (started with the first remote file, ended with the last source and this).
#[derive(Default)]
pub struct Lake {
    options: HttpOptions,
    client: Mutex<Option<Arc<HttpClient>>>,
}

impl Lake {
    /// A lake whose remote sources follow `options`.
    pub fn new(options: HttpOptions) -> Self {
        Self {
            options,
            client: Mutex::new(None),
        }
    }

    /// Opens the file at a path or URL (see [`Location`]). A remote server is asked for the size.
    ///
    /// # Errors
    /// [`LakeError::Location`] and [`LakeError::Scheme`] for what is no location; for a path those of
    /// [`LocalSource::open`]; for a URL [`LakeError::Http`] and [`LakeError::Empty`].
    pub fn open(&self, location: &str) -> Result<Arc<dyn Source>, LakeError> {
        Ok(match location.parse()? {
            Location::Path(path) => Arc::new(LocalSource::open(&path)?),
            Location::Http(url) => Arc::new(HttpSource::open(self.client()?, url)?),
        })
    }

    fn client(&self) -> Result<Arc<HttpClient>, LakeError> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = &*client {
            return Ok(client.clone());
        }
        let started = Arc::new(HttpClient::start(self.options.clone())?);
        *client = Some(started.clone());
        Ok(started)
    }
}

/// Opens the file at a path or URL with default options, through one [`Lake`] that all callers in
/// this process share.
///
/// # Errors
/// As [`Lake::open`].
pub fn open(location: &str) -> Result<Arc<dyn Source>, LakeError> {
    static LAKE: OnceLock<Lake> = OnceLock::new();
    LAKE.get_or_init(Lake::default).open(location)
}
