import Foundation
import PayopsCore
import Testing

@testable import Scheduling

@Suite("Cron expressions")
struct CronExpressionTests {
  private func times(_ text: String, _ zone: String, after: String, count: Int) throws -> [String] {
    let schedule = try Schedule(text, timeZone: zone)
    var cursor = try #require(CivilInstant(after))
    var found: [String] = []
    while found.count < count, let next = schedule.next(after: cursor) {
      found.append(next.description)
      cursor = next
    }
    return found
  }

  @Test(
    "a cron expression gives its next times",
    arguments: [
      ("*/15 * * * *", "2026-11-22 10:07:00", ["2026-11-22 10:15:00", "2026-11-22 10:30:00"]),
      ("30 2 * * MON-FRI", "2026-11-20 03:00:00", ["2026-11-23 02:30:00", "2026-11-24 02:30:00"]),
      ("0 0 29 2 *", "2026-01-01", ["2028-02-29 00:00:00", "2032-02-29 00:00:00"]),
      ("0 0 L * *", "2026-01-31", ["2026-02-28 00:00:00", "2026-03-31 00:00:00"]),
      // Both days restricted: either is enough.
      ("0 12 13 * FRI", "2026-11-12 13:00:00", ["2026-11-13 12:00:00", "2026-11-20 12:00:00"]),
      (
        "10,40 5/6 1 jan,JUL ?", "2026-01-01 05:20:00",
        ["2026-01-01 05:40:00", "2026-01-01 11:10:00"]
      ),
      ("*/20 59 23 * * *", "2026-12-31 23:59:25", ["2026-12-31 23:59:40", "2027-01-01 23:59:00"]),
      ("@daily", "2026-11-22 00:00:00", ["2026-11-23 00:00:00"]),
      ("0 9 * * 7", "2026-11-22 09:00:00", ["2026-11-29 09:00:00"]),
      ("every 90s", "1970-01-01 00:01:30", ["1970-01-01 00:03:00"]),
      ("every 2h", "2026-11-22 10:07:00", ["2026-11-22 12:00:00"]),
    ])
  func next(text: String, after: String, expected: [String]) throws {
    #expect(try times(text, "UTC", after: after, count: expected.count) == expected)
  }

  @Test(
    "an invalid cron expression is refused with the wrong field",
    arguments: [
      ("61 * * * *", "minute"), ("* 24 * * *", "hour"), ("* * 0 * *", "day of the month"),
      ("* * * 13 *", "month"), ("* * * * 8", "day of the week"), ("* * * *", "5 fields"),
      ("*/0 * * * *", "step"), ("5-1 * * * *", "minute"), ("a * * * *", "minute"),
      ("* * * FOO *", "month"), ("1, * * * *", "minute"), ("-1 * * * *", "minute"),
      ("every 0s", "interval"), ("every 5x", "interval"), ("every", "interval"),
      ("", "5 fields"), ("? * * * *", "minute"), ("every 99999999999d", "interval"),
    ])
  func refusals(text: String, what: String) {
    let error = #expect(throws: ScheduleError.self) { try Schedule(text) }
    #expect(error?.description.contains(what) == true, "\(error?.description ?? "")")
    #expect(throws: ScheduleError.self) { try Schedule("* * * * *", timeZone: "Mars/Olympus") }
  }

  @Test("a schedule that never fires has no next time")
  func never() throws {
    #expect(try times("0 0 30 2 *", "UTC", after: "2026-01-01", count: 1) == [])
  }

  @Test(
    "a schedule of a fixed hour fires once on a clock change, one of every hour in each hour",
    arguments: [
      // Berlin skips 02:00 to 03:00 on 29 March 2026, and has it twice on 25 October.
      (
        "30 2 * * *", "Europe/Berlin", "2026-03-28 12:00:00",
        ["2026-03-29 01:00:00", "2026-03-30 00:30:00"]
      ),
      (
        "30 2 * * *", "Europe/Berlin", "2026-10-24 12:00:00",
        ["2026-10-25 00:30:00", "2026-10-26 01:30:00"]
      ),
      (
        "30 * * * *", "Europe/Berlin", "2026-10-24 23:45:00",
        ["2026-10-25 00:30:00", "2026-10-25 01:30:00", "2026-10-25 02:30:00"]
      ),
      (
        "30 * * * *", "Europe/Berlin", "2026-03-29 00:00:00",
        ["2026-03-29 00:30:00", "2026-03-29 01:30:00"]
      ),
      (
        "0 2,3 * * *", "Europe/Berlin", "2026-03-28 12:00:00",
        ["2026-03-29 01:00:00", "2026-03-30 00:00:00"]
      ),
      (
        "0 2 * * *", "America/New_York", "2026-03-08 00:00:00",
        ["2026-03-08 07:00:00", "2026-03-09 06:00:00"]
      ),
      // Lord Howe changes by half an hour: 02:00 becomes 01:30 on 5 April 2026.
      (
        "45 1 * * *", "Australia/Lord_Howe", "2026-04-04 00:00:00",
        ["2026-04-04 14:45:00", "2026-04-05 15:15:00"]
      ),
      (
        "45 * * * *", "Australia/Lord_Howe", "2026-04-04 14:00:00",
        ["2026-04-04 14:45:00", "2026-04-04 15:15:00", "2026-04-04 16:15:00"]
      ),
      // Sao Paulo skipped the first hour of 4 November 2018.
      (
        "0 0 * * *", "America/Sao_Paulo", "2018-11-03 12:00:00",
        ["2018-11-04 03:00:00", "2018-11-05 02:00:00"]
      ),
      // Apia had no 30 December 2011.
      (
        "0 12 * * *", "Pacific/Apia", "2011-12-29 12:00:00",
        ["2011-12-29 22:00:00", "2011-12-30 10:00:00", "2011-12-30 22:00:00"]
      ),
    ])
  func clockChanges(text: String, zone: String, after: String, expected: [String]) throws {
    #expect(try times(text, zone, after: after, count: expected.count) == expected)
  }

  /// The expected times of a schedule, found by walking through every minute of a period.
  private func model(
    minutes: Set<Int>, hours: Set<Int>, isOpen: Bool, zone: TimeZone, from: Int, to: Int
  ) -> [Int] {
    func local(_ utc: Int) -> Int {
      utc + zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(utc)))
    }
    var found: Set<Int> = []
    var seen: Set<Int> = []
    // Two days earlier, to know which times the clock has already shown.
    for utc in stride(from: from - 2 * 86_400, through: to, by: 60) {
      let (before, now) = (local(utc - 60), local(utc))
      // Times that the clock skips move to the moment of the jump.
      for shown in stride(from: before + 60, through: max(now, before + 60), by: 60)
      where shown <= now {
        let minute = (shown / 60) % 60
        let hour = (shown / 3600) % 24
        guard minutes.contains(minute), hours.contains(hour) else { continue }
        if isOpen ? shown == now : seen.insert(shown).inserted { found.insert(utc) }
      }
      if isOpen, now <= before {
        // Set back: this time occurs for the second time.
        if minutes.contains((now / 60) % 60), hours.contains((now / 3600) % 24) {
          found.insert(utc)
        }
      }
    }
    return found.filter { $0 > from && $0 <= to }.sorted()
  }

  @Test("schedules agree with a walk through every minute around clock changes")
  func againstModel() throws {
    let changes = [
      ("Europe/Berlin", "2026-03-29 01:00:00"), ("Europe/Berlin", "2026-10-25 01:00:00"),
      ("America/New_York", "2026-03-08 07:00:00"), ("America/New_York", "2026-11-01 06:00:00"),
      ("Australia/Lord_Howe", "2026-04-04 15:00:00"),
      ("Australia/Lord_Howe", "2026-10-03 15:30:00"),
      ("America/Sao_Paulo", "2018-02-18 02:00:00"), ("America/Sao_Paulo", "2018-11-04 03:00:00"),
      ("Pacific/Apia", "2011-12-30 10:00:00"), ("Antarctica/Troll", "2026-10-25 01:00:00"),
      ("Antarctica/Troll", "2026-03-29 01:00:00"), ("Asia/Kolkata", "2026-03-29 01:00:00"),
    ]
    var random = SeededRandom(seed: 20_261_122, stream: "cron")
    for (name, change) in changes {
      let zone = try #require(TimeZone(identifier: name))
      let middle = try #require(CivilInstant(change)).secondsSinceEpoch
      for _ in 0..<12 {
        let isOpen = random.chance(0.4)
        let minutes = Set((0...random.below(3)).map { _ in random.below(60) })
        let hours =
          isOpen ? Set(0..<24) : Set((0...random.below(4)).map { _ in random.below(5) })
        let text =
          minutes.sorted().map(String.init).joined(separator: ",") + " "
          + (isOpen ? "*" : hours.sorted().map(String.init).joined(separator: ",")) + " * * *"
        let from = middle - 30 * 3600 + random.below(60) * 60
        let expected = model(
          minutes: minutes, hours: hours, isOpen: isOpen, zone: zone, from: from,
          to: from + 60 * 3600)
        let schedule = try Schedule(text, timeZone: name)
        var found: [Int] = []
        var cursor = CivilInstant(secondsSinceEpoch: from)
        while let next = schedule.next(after: cursor), next.secondsSinceEpoch <= from + 60 * 3600 {
          found.append(next.secondsSinceEpoch)
          cursor = next
        }
        #expect(found == expected, "\(text) in \(name)")
      }
    }
  }

  @Test("a schedule gives its previous time")
  func last() throws {
    func last(_ text: String, _ at: String) throws -> String? {
      try Schedule(text).last(through: #require(CivilInstant(at)))?.description
    }
    #expect(try last("every 10s", "2026-11-22 10:00:07") == "2026-11-22 10:00:00")
    #expect(try last("0 3 * * *", "2026-11-22 03:00:00") == "2026-11-22 03:00:00")
    #expect(try last("0 3 1 1 *", "2026-11-22 03:00:00") == "2026-01-01 03:00:00")
    #expect(try last("0 3 30 2 *", "2026-11-22 03:00:00") == nil)
  }
}
