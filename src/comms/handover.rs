//! How a message gets from service to service: into the queue of a gateway or liaison, and on.

use super::{
    exchange::{Item, Taken},
    flight::{Event, Leg, Mover, Scene},
    matrix::ExchangeKind,
};
use crate::{
    kernel::{ids::UnitIx, time::SimTime},
    wire::MessageId,
};

impl Mover<'_> {
    /// A gateway or liaison takes a message in, unless it is out of order: then only another one helps.
    pub(super) fn hand_in(
        &mut self,
        id: MessageId,
        (exchange, kind): (UnitIx, ExchangeKind),
        now: SimTime,
    ) {
        if self.is_out(exchange) {
            return self.exchanges.refuse((exchange, kind));
        }
        let Some(item) = self.item(id, (exchange, kind)) else {
            return;
        };
        let servers = self.scene.sharing.handling(kind).servers;
        match self.exchanges.take((exchange, kind), servers, item, now) {
            Taken::InHand(done) => self.post(done, id, Event::HandOver { id, exchange, kind }),
            Taken::Waits(instead) => {
                self.stay(id);
                self.leave_queue(instead);
            }
            Taken::TurnedAway => {}
        }
    }

    /// Whether an exchange does not work at the moment.
    fn is_out(&self, exchange: UnitIx) -> bool {
        self.scene.outages.exchanges.contains(&exchange)
    }

    /// A message at an exchange.
    fn item(&self, id: MessageId, (exchange, kind): (UnitIx, ExchangeKind)) -> Option<Item> {
        let subject = self.scene.index.id(exchange).0;
        let service = &self.scene.sharing.handling(kind).service;
        let flight = self.transit.flights.get(&id)?;
        Some(Item {
            header: flight.header,
            service_s: service.draw_s(self.scene.seed, subject, id.0),
        })
    }

    /// A queue holds a message.
    fn stay(&mut self, id: MessageId) {
        if let Some(flight) = self.transit.flights.get_mut(&id) {
            flight.pending += 1;
        }
    }

    /// Lets messages go that a queue held.
    fn leave_queue(&mut self, ids: impl IntoIterator<Item = MessageId>) {
        for id in ids {
            self.close(id);
        }
    }

    /// A gateway or liaison has handled a message: it passes it on and turns to what waits. What it had in
    /// hand when it failed it begins anew when it works again.
    pub(super) fn finish(
        &mut self,
        id: MessageId,
        (exchange, kind): (UnitIx, ExchangeKind),
        now: SimTime,
    ) {
        match self.item(id, (exchange, kind)) {
            Some(item) if self.is_out(exchange) => {
                self.exchanges.put_back((exchange, kind), item);
                self.stay(id);
            }
            _ => {
                self.hand_over(id, (exchange, kind), now);
                self.take_next((exchange, kind), now);
            }
        }
    }

    /// Exchanges that work again turn to what waits; of those that do not, only what expires goes.
    pub(super) fn resume(&mut self, now: SimTime) {
        let sharing = self.scene.sharing;
        let stalled = self
            .exchanges
            .stalled(|kind| sharing.handling(kind).servers);
        for (exchange, kind) in stalled {
            let mut left = Vec::new();
            if self.is_out(exchange) {
                left = self.exchanges.drop_late((exchange, kind), now);
            } else {
                let servers = sharing.handling(kind).servers;
                let begun = (self.exchanges).resume((exchange, kind), servers, now, &mut left);
                for (id, done) in begun {
                    self.post(done, id, Event::HandOver { id, exchange, kind });
                    left.push(id);
                }
            }
            self.leave_queue(left);
        }
    }

    /// A gateway or liaison that has finished turns to what waits.
    fn take_next(&mut self, (exchange, kind): (UnitIx, ExchangeKind), now: SimTime) {
        let mut left = Vec::new();
        if let Some((id, done)) = self.exchanges.next((exchange, kind), now, &mut left) {
            self.post(done, id, Event::HandOver { id, exchange, kind });
            left.push(id);
        }
        self.leave_queue(left);
    }

    /// A gateway or liaison passes a message on.
    fn hand_over(&mut self, id: MessageId, (exchange, kind): (UnitIx, ExchangeKind), now: SimTime) {
        let Some(flight) = self.transit.flights.get_mut(&id) else {
            return;
        };
        let is_on_air = self.scene.board.piece(exchange).is_on_air;
        if !is_on_air || now >= flight.header.expires {
            return;
        }
        let Scene {
            order,
            networks,
            sharing,
            ..
        } = self.scene;
        let readers = sharing.from_exchange(&flight.header, (exchange, kind), order, networks);
        flight.meant.extend(&readers);
        let leg = Leg {
            from: exchange,
            readers,
            exchanges: Vec::new(),
            crossed: true,
            detail: sharing.handling(kind).detail,
        };
        self.send(id, leg, now);
    }
}

#[cfg(test)]
mod tests;
