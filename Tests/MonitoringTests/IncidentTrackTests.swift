import Foundation
import PayopsCore
import Testing

@testable import Monitoring

@Suite("Incident in a series")
struct IncidentTrackTests {
  private let slow = SeverityLadder(fastEvidence: nil)

  /// Runs minutes written as letters: x for anomalous, a dot for normal, a blank for no payments.
  private func run(
    _ minutes: String, _ ladder: SeverityLadder, chance: Double? = nil
  ) -> [String] {
    var track = IncidentTrack()
    var changes: [String] = []
    for (minute, letter) in minutes.enumerated() {
      let observation: IncidentTrack.Observation =
        letter == " "
        ? .nothing : .judged(isAnomalous: letter == "x", chance: letter == "x" ? chance : 0.5)
      switch track.advance(observation, minute: minute, stepMinutes: 1, ladder: ladder) {
      case .raise(let severity, let since): changes.append("\(minute) \(severity) since \(since)")
      case .resolve: changes.append("\(minute) over")
      case nil: break
      }
    }
    return changes
  }

  @Test("consecutive anomalous minutes raise the severity step by step, and normal ones end it")
  func ladder() {
    let bad = String(repeating: "x", count: 61)
    #expect(run(String(repeating: "x", count: 14), slow) == [])
    #expect(
      run("..." + bad + String(repeating: ".", count: 12), slow) == [
        "17 info since 3", "32 warning since 3", "47 critical since 3", "62 severe since 3",
        "73 over",
      ])
    // Nine quiet minutes do not end it, ten do.
    let start = String(repeating: "x", count: 15)
    #expect(run(start + ".........x", slow) == ["14 info since 0"])
    #expect(run(start + "..........x", slow) == ["14 info since 0", "24 over"])
  }

  @Test("a minute without payments is ignored, and scattered minutes are not a run")
  func gaps() {
    #expect(run("xxxxx     xxxxx", slow) == ["14 info since 0"])
    #expect(run("x..x..x..x..x..x..x", slow) == [])
    #expect(run("xxxxxxx" + String(repeating: " ", count: 30), slow) == [])
    #expect(run("xx.xx.xx.xx.xx.xx", slow) == ["15 info since 0"])
    // Three failed payments are not a run either; four are.
    let hour = String(repeating: " ", count: 29)
    #expect(run("x" + hour + "x" + hour + "x" + hour + ".", slow) == [])
    #expect(run("x" + hour + "x" + hour + "xx", slow) == ["61 severe since 0"])
    // A step as long as the first of the ladder is enough.
    var track = IncidentTrack()
    let late = IncidentTrack.Observation.judged(isAnomalous: true, chance: 1e-9)
    #expect(
      track.advance(late, minute: 0, stepMinutes: 60, ladder: slow) == .raise(.severe, since: 0))
  }

  @Test(
    "evidence for a change replaces the probability, and a normal hour ends the incident")
  func evidence() {
    let ladder = SeverityLadder(fastEvidence: 7)
    var track = IncidentTrack()
    func advance(_ minute: Int, evidence: Double, chance: Double) -> IncidentTrack.Change? {
      track.advance(
        .judged(isAnomalous: false, chance: chance, evidence: evidence), minute: minute,
        stepMinutes: 1, ladder: ladder)
    }
    // However improbable, it is not the change that is looked for.
    for minute in 0..<10 {
      #expect(advance(minute, evidence: -1, chance: 1e-9) == nil)
      #expect(!track.isSuspicious)
    }
    #expect(advance(10, evidence: 3.5, chance: 0.001) == nil)
    #expect(track.isSuspicious)
    #expect(advance(11, evidence: 3.5, chance: 0.001) == .raise(.critical, since: 10))
    for minute in 12..<100 { #expect(advance(minute, evidence: 3.5, chance: 0.001) == nil) }
    for minute in 100..<109 { #expect(advance(minute, evidence: -0.5, chance: 0.9) == nil) }
    #expect(advance(109, evidence: -0.5, chance: 0.9) == .resolve)
    // One step is never enough.
    #expect(advance(110, evidence: 1000, chance: 1e-300) == nil)
    #expect(advance(111, evidence: 1000, chance: 1e-300) == .raise(.critical, since: 110))
  }

  @Test("overwhelming evidence fires at once, and chance does not fire")
  func fastLane() {
    let ladder = SeverityLadder()
    // One minute adds at most five powers of ten.
    #expect(run("...xx", ladder, chance: 1e-12) == ["4 critical since 3"])
    #expect(run("...xxxx", ladder, chance: 1e-3) == ["6 critical since 3"])
    #expect(run("...x.x.x.x.x", ladder, chance: 1e-3) == [])
    // A later, higher step is still notified.
    let long = run(String(repeating: "x", count: 60), ladder, chance: 1e-6)
    #expect(long == ["1 critical since 0", "59 severe since 0"])
    var random = SeededRandom(seed: 7, stream: "chance")
    for _ in 0..<20 {
      var track = IncidentTrack()
      var fired = 0
      for minute in 0..<20_000 {
        let chance = random.unit()
        let observation = IncidentTrack.Observation.judged(
          isAnomalous: chance < 0.00135, chance: chance)
        if case .raise = track.advance(observation, minute: minute, stepMinutes: 1, ladder: ladder)
        {
          fired += 1
        }
      }
      #expect(fired == 0)
    }
  }

  @Test("over 100,000 random steps severity only rises, ends once, and survives a saved state")
  func simulation() throws {
    let seed = UInt64(20_261_122)
    var random = SeededRandom(seed: seed, stream: "track")
    let ladder = SeverityLadder(minutes: [3, 6, 9, 12], clearMinutes: 4)
    var track = IncidentTrack()
    var minute = 0
    var open: Severity?
    var raisedMinutes: [Int] = []
    var badness = 0.02
    for step in 0..<100_000 {
      minute += random.below(50) == 0 ? random.below(200) + 1 : 1
      if random.below(60) == 0 { badness = random.below(3) == 0 ? 0.9 : 0.02 }
      let observation: IncidentTrack.Observation
      if random.below(12) == 0 {
        observation = .nothing
      } else {
        let isBad = random.unit() < badness
        observation = .judged(
          isAnomalous: isBad, chance: random.below(5) == 0 ? nil : isBad ? 1e-4 : random.unit())
      }
      if random.below(40) == 0 {
        // A restart in the middle.
        track = try JSONDecoder().decode(IncidentTrack.self, from: JSONEncoder().encode(track))
      }
      switch track.advance(observation, minute: minute, stepMinutes: 1, ladder: ladder) {
      case .raise(let severity, let since):
        #expect(open.map { severity > $0 } ?? true, "step \(step) of seed \(seed)")
        #expect(since <= minute && observation != .nothing, "step \(step) of seed \(seed)")
        open = severity
        raisedMinutes.append(minute)
      case .resolve:
        #expect(open != nil, "step \(step) of seed \(seed)")
        open = nil
      case nil: break
      }
      #expect(track.severity == open, "step \(step) of seed \(seed)")
    }
    #expect(raisedMinutes.count > 200)
    // Nothing stays open: quiet minutes end it.
    for _ in 0..<60 where open != nil {
      minute += 1
      let quiet = IncidentTrack.Observation.judged(isAnomalous: false, chance: 0.9)
      if track.advance(quiet, minute: minute, stepMinutes: 1, ladder: ladder) == .resolve {
        open = nil
      }
    }
    #expect(open == nil)
  }
}
