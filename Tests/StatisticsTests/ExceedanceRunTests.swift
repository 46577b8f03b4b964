import Statistics
import Testing

@Suite("Exceedance runs")
struct ExceedanceRunTests {
  private func series(_ minutes: [Int], quiet: [Int] = []) -> [ExceedanceRun.Observation] {
    minutes.map { .init(minute: $0, isExceeding: true) }
      + quiet.map { .init(minute: $0, isExceeding: false) }
  }

  @Test("count minutes of event time: a missing minute breaks the streak")
  func missingMinute() {
    let runs = ExceedanceRun.all(in: series([1, 2, 3, 5, 6]))
    #expect(runs == [ExceedanceRun(start: 1, length: 3), ExceedanceRun(start: 5, length: 2)])
  }

  @Test("count a minute with several rows once, in any order of rows")
  func duplicates() {
    let runs = ExceedanceRun.all(in: series([7, 5, 6, 5, 7], quiet: [6, 4]))
    #expect(runs == [ExceedanceRun(start: 5, length: 3)])
  }

  @Test("are broken by a quiet minute")
  func quietMinute() {
    #expect(
      ExceedanceRun.longest(in: series([1, 2, 4, 5, 6, 8, 9, 10], quiet: [3, 7]))
        == ExceedanceRun(start: 4, length: 3))
  }

  @Test("go on only if they reach the present minute")
  func current() {
    let minutes = series([1, 2, 3, 8, 9], quiet: [4, 5, 6, 7])
    #expect(ExceedanceRun.current(in: minutes) == ExceedanceRun(start: 8, length: 2))
    #expect(ExceedanceRun.current(in: minutes, asOf: 10) == nil)
    #expect(ExceedanceRun.current(in: minutes, asOf: 2) == ExceedanceRun(start: 1, length: 2))
    #expect(ExceedanceRun.current(in: series([1], quiet: [2])) == nil)
  }

  @Test("do not exist in an empty series")
  func empty() {
    #expect(ExceedanceRun.all(in: []).isEmpty)
    #expect(ExceedanceRun.longest(in: []) == nil)
    #expect(ExceedanceRun.current(in: []) == nil)
  }
}
