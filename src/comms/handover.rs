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
    /// A gateway or liaison takes a message in.
    pub(super) fn hand_in(
        &mut self,
        id: MessageId,
        (exchange, kind): (UnitIx, ExchangeKind),
        now: SimTime,
    ) {
        let handling = self.scene.sharing.handling(kind);
        if self.scene.outages.exchanges.contains(&exchange) {
            return;
        }
        let subject = self.scene.index.id(exchange).0;
        let Some(flight) = self.transit.flights.get_mut(&id) else {
            return;
        };
        let item = Item {
            header: flight.header,
            service_s: handling.service.draw_s(self.scene.seed, subject, id.0),
        };
        match self
            .exchanges
            .take((exchange, kind), handling.servers, item, now)
        {
            Taken::InHand(done) => self.post(done, id, Event::HandOver { id, exchange, kind }),
            Taken::Waits(instead) => {
                flight.pending += 1;
                self.leave_queue(instead);
            }
            Taken::TurnedAway => {}
        }
    }

    /// Lets messages go that a queue held.
    fn leave_queue(&mut self, ids: impl IntoIterator<Item = MessageId>) {
        for id in ids {
            self.close(id);
        }
    }

    /// A gateway or liaison that has finished turns to what waits.
    pub(super) fn take_next(&mut self, (exchange, kind): (UnitIx, ExchangeKind), now: SimTime) {
        let mut left = Vec::new();
        if let Some((id, done)) = self.exchanges.next((exchange, kind), now, &mut left) {
            self.post(done, id, Event::HandOver { id, exchange, kind });
            left.push(id);
        }
        self.leave_queue(left);
    }

    /// A gateway or liaison passes a message on.
    pub(super) fn hand_over(
        &mut self,
        id: MessageId,
        (exchange, kind): (UnitIx, ExchangeKind),
        now: SimTime,
    ) {
        let Some(flight) = self.transit.flights.get_mut(&id) else {
            return;
        };
        let is_out = !self.scene.board.piece(exchange).is_alive
            || self.scene.outages.exchanges.contains(&exchange);
        if is_out || now >= flight.header.expires {
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
