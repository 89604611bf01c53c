; Two rooms and a robot that carries balls.
(define (domain rooms)
  (:requirements :strips :typing)
  (:types room ball)
  (:predicates (robot-at ?r - room) (at ?b - ball ?r - room) (carries ?b - ball) (free))
  (:action move
    :parameters (?from ?to - room)
    :precondition (robot-at ?from)
    :effect (and (robot-at ?to) (not (robot-at ?from))))
  (:action take
    :parameters (?b - ball ?r - room)
    :precondition (and (robot-at ?r) (at ?b ?r) (free))
    :effect (and (carries ?b) (not (at ?b ?r)) (not (free))))
  (:action leave
    :parameters (?b - ball ?r - room)
    :precondition (and (robot-at ?r) (carries ?b))
    :effect (and (at ?b ?r) (free) (not (carries ?b)))))
