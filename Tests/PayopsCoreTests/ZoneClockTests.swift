import PayopsCore
import Testing

@Suite("Clock of a time zone")
struct ZoneClockTests {
  private func seconds(_ text: String) throws -> Int {
    try #require(CivilInstant(text)).secondsSinceEpoch
  }

  @Test(
    "shows a local time at one instant, at none when it is skipped, at two when it comes twice",
    arguments: [
      ("Europe/Berlin", "2026-01-15 12:00:00", ["2026-01-15 11:00:00"]),
      ("Europe/Berlin", "2026-03-29 02:30:00", []),
      ("Europe/Berlin", "2026-10-25 02:30:00", ["2026-10-25 00:30:00", "2026-10-25 01:30:00"]),
      // Samoa skipped a whole day.
      ("Pacific/Apia", "2011-12-30 12:00:00", []), ("UTC", "2026-03-29 02:30:00", ["same"]),
      ("GMT", "2026-10-25 02:30:00", ["same"]),
    ])
  func instants(zone: String, local: String, instants: [String]) throws {
    let clock = try #require(ZoneClock(identifier: zone))
    let found = clock.instants(local: try seconds(local)).map {
      CivilInstant(secondsSinceEpoch: $0).description
    }
    #expect(found == instants.map { $0 == "same" ? local : $0 })
  }

  @Test("is steady where it is not changed")
  func steady() throws {
    let clock = try #require(ZoneClock(identifier: "Europe/Berlin"))
    #expect(clock.isSteady(in: try seconds("2026-01-01")...(try seconds("2026-03-28"))))
    #expect(!clock.isSteady(in: try seconds("2026-03-28")...(try seconds("2026-03-30"))))
    // Forward and back again.
    #expect(!clock.isSteady(in: try seconds("2026-01-01")...(try seconds("2027-01-01"))))
    #expect(ZoneClock(identifier: "Nowhere/Town") == nil)
  }

  @Test("days that the calendar has exist, others do not")
  func days() {
    for (year, month, day, exists) in [
      (2024, 2, 29, true), (2023, 2, 29, false), (2000, 2, 29, true), (1900, 2, 29, false),
      (2026, 0, 1, false), (2026, 13, 1, false), (2026, 4, 31, false), (2026, 1, 0, false),
    ] {
      #expect(CivilDate(year: year, month: month, day: day).exists == exists)
    }
  }

  @Test("an instant is written as RFC 3339 has it, and without marks for names of files")
  func texts() throws {
    let instant = try #require(CivilInstant("2026-11-22 10:00:05"))
    #expect(instant.rfc3339 == "2026-11-22T10:00:05Z" && instant.compact == "20261122T100005Z")
  }
}
