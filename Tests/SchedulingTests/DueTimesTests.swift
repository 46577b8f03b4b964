import PayopsCore
import Testing

@testable import Scheduling

@Suite("Times of a schedule that are due")
struct DueTimesTests {
  private func instant(_ seconds: Int) -> CivilInstant {
    CivilInstant(secondsSinceEpoch: 1_790_000_000 / 60 * 60 + seconds)
  }

  private func job(_ catchUp: Job.CatchUp, maximum: Int = 100) throws -> Job {
    Job(
      name: "j", command: .sql, schedule: try Schedule("every 1m"), catchUp: catchUp,
      catchUpMaximum: maximum, graceSeconds: 45)
  }

  @Test(
    "without catch-up a missed time is run until its grace period ends, to the second",
    arguments: [(0, true), (44, true), (45, true), (46, false), (59, false)])
  func grace(late: Int, runs: Bool) throws {
    let due = try job(.none).dueTimes(after: instant(0), through: instant(60 + late)) { _ in true }
    #expect(due.runs == (runs ? [instant(60)] : []))
    #expect(due.missedCount == (runs ? 0 : 1))
    #expect(due.lastMissed == (runs ? nil : instant(60)))
  }

  @Test(
    "with catch-up of all, the last missed times are run, up to the maximum",
    arguments: [(2, 2, 0), (3, 3, 0), (4, 3, 1), (9, 3, 6)])
  func maximum(times: Int, runs: Int, missed: Int) throws {
    let due = try job(.all, maximum: 3)
      .dueTimes(after: instant(0), through: instant(60 * times)) { _ in true }
    #expect(due.runs == (times - runs + 1...times).map { instant(60 * $0) })
    #expect(due.missedCount == missed)
    #expect(due.lastMissed == (missed == 0 ? nil : instant(60 * missed)))
  }

  @Test("with catch-up of the last, one of several missed times is run")
  func once() throws {
    let due = try job(.once).dueTimes(after: instant(0), through: instant(60 * 5 + 59)) { _ in true
    }
    #expect(due.runs == [instant(300)])
    #expect(due.missedCount == 4)
    #expect(due.lastMissed == instant(240))
  }
}
