import Statistics
import Testing

@Suite("Exceedance runs")
struct ExceedanceRunTests {
  private func series(_ minutes: [Int], quiet: [Int] = []) -> [ExceedanceRun.Observation] {
    minutes.map { .init(minute: $0, isExceeding: true) }
      + quiet.map { .init(minute: $0, isExceeding: false) }
  }

  @Test("a run counts minutes of event time: a missing minute breaks it")
  func missingMinute() {
    let runs = ExceedanceRun.all(in: series([1, 2, 3, 5, 6]))
    #expect(runs == [ExceedanceRun(start: 1, length: 3), ExceedanceRun(start: 5, length: 2)])
  }

  @Test("a minute with several rows counts once in a run, in any order of rows")
  func duplicates() {
    let runs = ExceedanceRun.all(in: series([7, 5, 6, 5, 7], quiet: [6, 4]))
    #expect(runs == [ExceedanceRun(start: 5, length: 3)])
  }

  @Test("a minute below the limit breaks a run")
  func quietMinute() {
    #expect(
      ExceedanceRun.longest(in: series([1, 2, 4, 5, 6, 8, 9, 10], quiet: [3, 7]))
        == ExceedanceRun(start: 4, length: 3))
  }

  @Test("a run is in progress only if it reaches the present minute")
  func current() {
    let minutes = series([1, 2, 3, 8, 9], quiet: [4, 5, 6, 7])
    #expect(ExceedanceRun.current(in: minutes) == ExceedanceRun(start: 8, length: 2))
    #expect(ExceedanceRun.current(in: minutes, asOf: 10) == nil)
    #expect(ExceedanceRun.current(in: minutes, asOf: 2) == ExceedanceRun(start: 1, length: 2))
    #expect(ExceedanceRun.current(in: series([1], quiet: [2])) == nil)
  }

  @Test("an empty series has no runs")
  func empty() {
    #expect(ExceedanceRun.all(in: []).isEmpty)
    #expect(ExceedanceRun.longest(in: []) == nil)
    #expect(ExceedanceRun.current(in: []) == nil)
  }
}
