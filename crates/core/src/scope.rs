//! The fold: for each slot of a schema, which layer's value wins and which it shadows.
//!
//! Every layer that reaches a struct is walked along the schema once and leaves one node id a slot; the strongest layer
//! with a node wins. Nothing is copied, so all origins and shadows stay available for the price of the ids.

use std::borrow::Cow;

use crate::document::{Document, Kind, NodeId, Span};
use crate::layer::Layer;
use crate::raw::Raw;
use crate::report::Spot;
use crate::schema::Schema;

/// A layer within a scope, with its number in the whole stack.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ScopeLayer<'a> {
    pub(crate) layer: &'a Layer,
    /// Its place in the stack; `None` for a document made on the way (JSON in a variable).
    pub(crate) index: Option<usize>,
}

impl ScopeLayer<'_> {
    /// A place in it that a finding is about.
    pub(crate) fn spot(&self, span: Span) -> Option<Spot> {
        self.index.map(|layer| Spot { layer, span })
    }
}

/// The slots of one struct (the root, a list's item, a map's entry) over the layers that reach it.
#[derive(Debug, Clone)]
pub(crate) struct Scope<'a> {
    pub(crate) schema: &'static Schema,
    /// Weakest first.
    pub(crate) layers: Vec<ScopeLayer<'a>>,
    /// Layer by layer, one node a slot.
    pub(crate) slots: Cow<'a, [NodeId]>,
}

/// One layer's value for a slot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'a> {
    pub(crate) layer: ScopeLayer<'a>,
    pub(crate) node: NodeId,
}

impl<'a> Candidate<'a> {
    pub(crate) fn document(self) -> &'a Document {
        &self.layer.layer.document
    }

    pub(crate) fn raw(self) -> Raw<'a> {
        Raw::Node(self.document(), self.node)
    }

    pub(crate) fn kind(self) -> Kind {
        self.document().kind(self.node)
    }
}

impl<'a> Scope<'a> {
    /// The values of a slot, strongest first, not going below the layer `floor`.
    pub(crate) fn candidates(&self, slot: usize, floor: usize) -> impl Iterator<Item = Candidate<'a>> + '_ {
        let size = self.schema.size;
        (floor..self.layers.len()).rev().filter_map(move |layer| {
            let node = self.slots[layer * size + slot];
            node.some().map(|node| Candidate { layer: self.layers[layer], node })
        })
    }

    /// The values of a slot, weakest first, not going below the layer `floor`.
    #[inline]
    pub(crate) fn column(&self, slot: usize, floor: usize) -> impl Iterator<Item = Candidate<'a>> + '_ {
        let size = self.schema.size;
        let mut at = floor * size + slot;
        self.layers.get(floor..).unwrap_or_default().iter().filter_map(move |layer| {
            let node = self.slots[at];
            at += size;
            (node != NodeId::NONE).then_some(Candidate { layer: *layer, node })
        })
    }

    /// The strongest value of a slot, and whether it hides others.
    #[inline]
    pub(crate) fn winner(&self, slot: usize, floor: usize) -> (Option<Candidate<'a>>, bool) {
        let mut winner = None;
        let mut hides = false;
        for found in self.column(slot, floor) {
            hides = winner.is_some();
            winner = Some(found);
        }
        (winner, hides)
    }

    /// The strongest layer, at or above `floor`, that sets any of these slots: its number in the scope.
    pub(crate) fn strongest(&self, slots: std::ops::Range<usize>, floor: usize) -> Option<usize> {
        let size = self.schema.size;
        (floor..self.layers.len())
            .rev()
            .find(|layer| self.slots[layer * size..][slots.clone()].iter().any(|node| *node != NodeId::NONE))
    }

    /// The node of one layer for a slot.
    pub(crate) fn node(&self, layer: usize, slot: usize) -> Option<NodeId> {
        self.slots[layer * self.schema.size + slot].some()
    }
}
