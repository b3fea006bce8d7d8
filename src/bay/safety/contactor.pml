/* Who can leave the contactor closed? The step function is proved by itself (machine_property_test.cc, over real inputs);
   this model has what lies around it: the agent that steps and permits, the driver's thread that writes the coil, the relay
   module with its own watchdog, each of which may hang, be killed or go on at any moment, and the bus between them.
   One round of the loop is 50 ms. Run by tests/conformance/bay_spin.test.mjs:

     spin -a contactor.pml && cc -O2 -DSAFETY -o pan pan.c && ./pan -m100000

   Proved of every sequence of what the world, people and the parts do:
     - nothing closes unless the last step permitted it: authorised, locked, earthed, no fault latched;
     - when that ends, the contactor is open within REACT rounds while all live, within PERMIT + REACT when the agent hangs,
       and within MODULE + REACT whatever hangs, dies or is cut off;
     - a fault stays latched until it is cleared by somebody, never while its cause is there. */

#define PERMIT 5  /* agent/config.h watchdog, 250 ms */
#define MODULE 10 /* drivers/modbus.cc watchdog_ms, 500 ms */
#define REACT 2
#define LONG 20   /* counters stop here */

bit authorised, locked, earthed, over_limit; /* the world */
bit agent_hangs, driver_hangs, bus_cut;
bit latched;           /* the machine's state */
byte permit, alive;    /* rounds that the permission, and the module's patience, still last */
bit coil;              /* the contactor */
byte forbidden_for;    /* rounds since power was last allowed */
byte all_lived_for, driver_lived_for;

#define allowed (authorised && locked && earthed && !latched && !over_limit)

inline world() {
  if
  :: authorised = !authorised
  :: locked = !locked
  :: earthed = !earthed
  :: over_limit = !over_limit
  :: agent_hangs = !agent_hangs
  :: driver_hangs = !driver_hangs
  :: bus_cut = !bus_cut
  :: skip
  fi
}

inline agent() {
  if /* staff clears, or nobody does; a cause that is there stays latched */
  :: latched = (agent_hangs -> latched : over_limit || latched)
  :: latched = (agent_hangs -> latched : over_limit)
  fi;
#ifdef PLANT_LATCH
  permit = (agent_hangs -> permit : (authorised && locked && earthed && !over_limit -> PERMIT : 0))
#else
  permit = (agent_hangs -> permit : (allowed -> PERMIT : 0))
#endif
}

inline driver() {
#ifdef PLANT_STALE
  coil = (driver_hangs || bus_cut -> coil : permit > 0 || coil); /* forgets to open when the permission is stale */
#else
  coil = (driver_hangs || bus_cut -> coil : permit > 0);
#endif
  alive = (driver_hangs || bus_cut -> alive : MODULE)
}

inline module() {
#ifndef PLANT_DEAF
  coil = (alive == 0 -> 0 : coil)
#else
  skip
#endif
}

#define counted(what, is_so) ((is_so) -> (what < LONG -> what + 1 : LONG) : 0)

active proctype rounds() {
  bit was;
  do
  :: atomic {
       was = coil;
       world();
       if /* two threads: in either order */
       :: agent(); driver()
       :: driver(); agent()
       fi;
       module();
       forbidden_for = counted(forbidden_for, !allowed);
       all_lived_for = counted(all_lived_for, !agent_hangs && !driver_hangs && !bus_cut);
       driver_lived_for = counted(driver_lived_for, !driver_hangs && !bus_cut);
       assert(!coil || was || permit > 0 || forbidden_for <= REACT); /* closes only by a permission */
       assert(!coil || forbidden_for <= REACT || all_lived_for <= REACT);
       assert(!coil || forbidden_for <= PERMIT + REACT || driver_lived_for <= PERMIT + REACT);
       assert(!coil || forbidden_for <= MODULE + REACT);
       assert(!over_limit || agent_hangs || latched);
       permit = (permit > 0 -> permit - 1 : 0);
       alive = (alive > 0 -> alive - 1 : 0)
     }
  od
}
