//! Who makes a change, by what way and why: what history says of it.

/// Who makes a change, by what way and why. A name alone is enough: `"ann"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub(crate) name: String,
    pub(crate) source: String,
    pub(crate) reason: Option<String>,
    pub(crate) request: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) revision: Option<u64>,
    pub(crate) generation: Option<u64>,
    pub(crate) dry: bool,
}

impl Actor {
    /// Somebody, or some part of the program.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            source: "program".to_owned(),
            reason: None,
            request: None,
            tags: Vec::new(),
            revision: None,
            generation: None,
            dry: false,
        }
    }

    /// By what way the change comes: `console`, `cli`, `api`; `program` where nothing is said.
    #[must_use]
    pub fn via(mut self, source: impl Into<String>) -> Self {
        self.source = source.into();
        self
    }

    /// Why.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The request's own name: a second change of the same name is answered with what became of the first.
    #[must_use]
    pub fn request(mut self, id: impl Into<String>) -> Self {
        self.request = Some(id.into());
        self
    }

    /// A word to find the change by.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// Makes the change only if the store still is at this revision.
    #[must_use]
    pub fn if_revision(mut self, revision: u64) -> Self {
        self.revision = Some(revision);
        self
    }

    /// Makes the change only if this process still is at this generation: neither the store nor a source has changed
    /// since anything.
    #[must_use]
    pub fn if_generation(mut self, generation: u64) -> Self {
        self.generation = Some(generation);
        self
    }

    /// Only tries the change: it is built, checked and put to the vetoes, and the answer says what it would do, but
    /// nothing is stored, and no reader sees it.
    #[must_use]
    pub fn dry_run(mut self) -> Self {
        self.dry = true;
        self
    }

    /// Whether the change is only tried.
    #[must_use]
    pub fn is_dry_run(&self) -> bool {
        self.dry
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl From<&str> for Actor {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Actor {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl From<&Actor> for Actor {
    fn from(actor: &Actor) -> Self {
        actor.clone()
    }
}
