//! Work budgets: solvers count work, never time. See [`Budget`] and [`WorkBudget`].

/// What a solver asks whether it may go on. Inside the simulator it is a [`WorkBudget`], so that the
/// answer depends on the input alone; `cli` supplies a clock where a person asked for seconds.
pub trait Budget {
    /// Spends `steps`; false once there is nothing left, and for ever after.
    fn spend(&mut self, steps: u64) -> bool;
}

impl Budget for WorkBudget {
    fn spend(&mut self, steps: u64) -> bool {
        Self::spend(self, steps)
    }
}

/// How much work a solver may still do, in steps that the solver names. Only `cli` turns seconds,
/// where a person asked for them, into a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkBudget {
    left: u64,
}

impl WorkBudget {
    /// A budget of this many steps.
    #[must_use]
    pub fn new(steps: u64) -> Self {
        Self { left: steps }
    }

    /// Spends `steps`; false, and nothing left, once the budget does not cover them.
    pub fn spend(&mut self, steps: u64) -> bool {
        match self.left.checked_sub(steps) {
            Some(left) => {
                self.left = left;
                true
            }
            None => {
                self.left = 0;
                false
            }
        }
    }

    /// Steps left.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overdrawn_budget_is_empty() {
        let mut budget = WorkBudget::new(5);
        assert!(budget.spend(3));
        assert!(!budget.spend(3));
        assert_eq!(budget.left(), 0);
    }
}
