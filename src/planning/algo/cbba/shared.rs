//! What agents share in memory, written and read as if each had its own. See [`mod@list`] and [`mod@slice`].

/// A list of shared values.
pub(super) mod list {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes every value.
    pub(in super::super) fn serialize<T: Serialize, S: Serializer>(
        list: &[Arc<T>],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(list.iter().map(Arc::as_ref))
    }

    /// Reads every value.
    pub(in super::super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Arc<T>>, D::Error> {
        let list = Vec::<T>::deserialize(from)?;
        Ok(list.into_iter().map(Arc::new).collect())
    }
}

/// A shared slice.
pub(super) mod slice {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes every number.
    pub(in super::super) fn serialize<S: Serializer>(
        slice: &Arc<[u32]>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(slice.iter())
    }

    /// Reads every number.
    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Arc<[u32]>, D::Error> {
        Vec::deserialize(from).map(Into::into)
    }
}
