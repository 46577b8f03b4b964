import PayopsCore
import Testing

@Suite("Retention of backups")
struct RetentionPolicyTests {
  typealias Backup = RetentionPolicy.Backup

  private static let day: Int64 = 86_400

  /// A verified backup, by the time of its snapshot.
  private func verified(_ sequence: Int, _ time: String, isPinned: Bool = false) throws -> Backup {
    try backup(sequence, time, isVerified: true, isPinned: isPinned)
  }

  private func backup(
    _ sequence: Int, _ time: String, isVerified: Bool = false, isPinned: Bool = false
  ) throws -> Backup {
    Backup(
      id: "b\(sequence)", sequence: sequence, createdAt: try instant(time),
      isVerified: isVerified, isPinned: isPinned)
  }

  private func instant(_ time: String) throws -> Int64 {
    Int64(try #require(CivilInstant(time)).secondsSinceEpoch)
  }

  /// Each backup with the rules that keep it, such as `b3 recent`.
  private func lines(
    _ policy: RetentionPolicy, _ backups: [Backup], at now: String
  ) throws -> [String] {
    policy.decisions(for: backups, at: try instant(now)).map {
      ([$0.backup.id] + $0.reasons.map(\.rawValue)).joined(separator: " ")
    }
  }

  @Test("retention keeps a week of backups and the newest verified one")
  func defaults() throws {
    #expect(
      RetentionPolicy()
        == RetentionPolicy(keepDays: 7, daily: 0, weekly: 0, monthly: 0, minimumVerified: 3))
    let backups = try [
      verified(1, "2026-11-01 03:00:00"), verified(2, "2026-11-12 03:00:00"),
      verified(3, "2026-11-12 03:00:01"), verified(4, "2026-11-19 03:00:00"),
    ]
    // Neither time without a backup nor a clock that runs ahead makes anything old.
    for now in ["2026-11-20 12:00:00", "2026-12-30 12:00:00", "2099-11-20 12:00:00"] {
      #expect(
        try lines(RetentionPolicy(), backups, at: now) == [
          "b1", "b2 minimumVerified", "b3 minimumVerified recent",
          "b4 newestVerified minimumVerified recent noNewerVerified",
        ])
      #expect(
        try lines(RetentionPolicy(minimumVerified: 1), backups, at: now) == [
          "b1", "b2", "b3 recent", "b4 newestVerified minimumVerified recent noNewerVerified",
        ])
    }
  }

  @Test("no backup is removed before a newer one is verified")
  func nothingProved() throws {
    let backups = try [backup(1, "2026-11-01"), backup(2, "2026-11-02")]
    #expect(
      try lines(RetentionPolicy(keepDays: 0), backups, at: "2027-01-01") == [
        "b1 noNewerVerified", "b2 noNewerVerified",
      ])
    #expect(
      try lines(
        RetentionPolicy(keepDays: 0), backups + [verified(3, "2026-11-03")], at: "2027-01-01") == [
          "b1", "b2", "b3 newestVerified minimumVerified noNewerVerified",
        ])
    #expect(
      try lines(
        RetentionPolicy(keepDays: 0), [verified(0, "2026-10-31")] + backups, at: "2027-01-01") == [
          "b0 newestVerified minimumVerified noNewerVerified", "b1 noNewerVerified",
          "b2 noNewerVerified",
        ])
    #expect(RetentionPolicy().decisions(for: [], at: 0).isEmpty)
  }

  @Test("a pinned backup is kept and does not replace others")
  func pinned() throws {
    let backups = try [
      backup(1, "2020-01-01", isPinned: true), verified(2, "2020-01-02"),
      verified(3, "2020-01-03", isPinned: true), verified(4, "2020-01-04"),
    ]
    #expect(
      try lines(RetentionPolicy(keepDays: 0, minimumVerified: 2), backups, at: "2026-01-01") == [
        "b1 pinned", "b2", "b3 pinned minimumVerified",
        "b4 newestVerified minimumVerified noNewerVerified",
      ])
  }

  @Test("retention keeps the newest verified backup of each day, ISO week and month")
  func periods() throws {
    // 2026-12-28 is a Monday, in the week that holds 2027-01-01.
    let backups = try [
      verified(0, "2025-12-31 23:00:00"), verified(1, "2026-11-30 23:59:59"),
      verified(2, "2026-12-27 23:59:59"), verified(3, "2026-12-28 00:00:00"),
      verified(4, "2026-12-31 01:00:00"), verified(5, "2026-12-31 23:00:00"),
      backup(6, "2026-12-31 23:59:59"), verified(7, "2027-01-01 00:00:00"),
      verified(8, "2027-01-03 23:59:59"), verified(9, "2027-01-04 00:00:00"),
    ]
    func kept(_ policy: RetentionPolicy) throws -> [String] {
      policy.decisions(for: backups, at: try instant("2027-01-05"))
        .filter(\.isKept).map(\.backup.id)
    }
    #expect(try kept(RetentionPolicy(keepDays: 0, minimumVerified: 1)) == ["b9"])
    #expect(
      try kept(RetentionPolicy(keepDays: 0, daily: 4, minimumVerified: 1)) == [
        "b5", "b7", "b8", "b9",
      ])
    #expect(
      try kept(RetentionPolicy(keepDays: 0, weekly: 3, minimumVerified: 1)) == ["b2", "b8", "b9"])
    #expect(try kept(RetentionPolicy(keepDays: 0, monthly: 2, minimumVerified: 1)) == ["b5", "b9"])
    #expect(
      try kept(RetentionPolicy(keepDays: 0, monthly: 4, minimumVerified: 1)) == [
        "b0", "b1", "b5", "b9",
      ])
    #expect(
      try lines(
        RetentionPolicy(keepDays: 0, daily: 1, weekly: 2, monthly: 2, minimumVerified: 1), backups,
        at: "2027-01-05")
        == [
          "b0", "b1", "b2", "b3", "b4", "b5 monthly", "b6", "b7", "b8 weekly",
          "b9 newestVerified minimumVerified daily weekly monthly noNewerVerified",
        ])
  }

  @Test("the order of creation decides when the clock jumped back")
  func clockJumpedBack() throws {
    let backups = try [
      verified(1, "2026-11-18 03:00:00"), verified(2, "2026-11-19 03:00:00"),
      verified(3, "2026-01-01 03:00:00"),
    ]
    #expect(
      try lines(
        RetentionPolicy(keepDays: 0, daily: 2, minimumVerified: 1), backups, at: "2026-11-20") == [
          "b1", "b2 daily", "b3 newestVerified minimumVerified daily noNewerVerified",
        ])
    // The newest one is dated before them, so all have age 0.
    #expect(
      try lines(
        RetentionPolicy(keepDays: 1, minimumVerified: 1), backups, at: "2026-01-02 04:00:00") == [
          "b1 recent", "b2 recent",
          "b3 newestVerified minimumVerified recent noNewerVerified",
        ])
    let next = try RetentionPolicy(keepDays: 1, minimumVerified: 1).nextDeletion(
      for: backups, after: instant("2026-01-02 04:00:00"))
    #expect(next?.id == "b1")
    #expect(next?.at == (try instant("2026-11-19 03:00:00")))
  }

  @Test("retention predicts the next backup to be removed, or that all are kept")
  func nextDeletion() throws {
    let backups = try [
      verified(1, "2026-11-01"), verified(2, "2026-11-15"), backup(3, "2026-11-14"),
      backup(4, "2026-11-14"), verified(5, "2026-11-16", isPinned: true),
      verified(6, "2026-11-17"), backup(7, "2026-11-10"),
    ]
    let policy = RetentionPolicy(minimumVerified: 1)
    let next = try #require(policy.nextDeletion(for: backups, after: try instant("2026-11-18")))
    #expect(next.id == "b3")
    #expect(next.at == (try instant("2026-11-21")))
    // Without a newer verified one nothing becomes old, whatever time it is.
    let still = try #require(policy.nextDeletion(for: backups, after: next.at + 100 * Self.day))
    #expect(still.id == next.id && still.at == next.at)
    #expect(policy.nextDeletion(for: [backups[5]], after: next.at) == nil)
    #expect(policy.nextDeletion(for: [], after: 0) == nil)
  }

  @Test("retention accepts numbers out of any range")
  func extremes() throws {
    var policy = RetentionPolicy(
      keepDays: -1, daily: -1, weekly: -1, monthly: -1, minimumVerified: -1)
    #expect(policy.minimumVerified == 1)
    policy.minimumVerified = 0
    #expect(policy.minimumVerified == 1)
    let backups = [Int64.min, 0, .max].enumerated().map { place, createdAt in
      Backup(
        id: "b\(place)", sequence: place, createdAt: createdAt, isVerified: true, isPinned: false)
    }
    for keepDays in [Int.min, 0, 1, .max] {
      policy = RetentionPolicy(keepDays: keepDays, daily: 1, weekly: .max, monthly: 1)
      for now in [Int64.min, 0, .max] {
        #expect(policy.decisions(for: backups, at: now).map(\.backup) == backups)
        _ = policy.nextDeletion(for: backups, after: now)
      }
    }
  }

  // MARK: - Random histories

  /// A policy, backups in random order and an instant.
  private struct History {
    let policy: RetentionPolicy
    let backups: [Backup]
    let now: Int64

    /// Draws backups from minutes to months apart, with jumps of the clock in both directions.
    init(number: Int) {
      var random = SeededRandom(seed: 20_261_121, stream: "retention", number: number)
      policy = RetentionPolicy(
        keepDays: random.within(0...10), daily: random.within(0...5), weekly: random.within(0...4),
        monthly: random.within(0...4), minimumVerified: random.within(1...4))
      let verifiedChance = [0, 0.3, 0.8, 1][random.below(4)]
      let longestStep = [3_600, 86_400, 10 * 86_400, 400 * 86_400][random.below(4)]
      let jumpChance = random.chance(0.5) ? 0 : 0.2
      // From 1969 on, so that instants before the epoch occur.
      var clock = Int64(random.within(-30 * 86_400...20_000 * 86_400))
      var sequence = 0
      var backups: [Backup] = []
      for _ in 0..<random.within(0...24) {
        sequence += random.within(1...3)
        clock += Int64(random.within(0...longestStep))
        if random.chance(jumpChance) { clock += Int64(random.within(-30...30)) * 86_400 }
        backups.append(
          Backup(
            id: "b\(sequence)", sequence: sequence, createdAt: clock,
            isVerified: random.chance(verifiedChance), isPinned: random.chance(0.05),
            isInOrder: !random.chance(0.1), isHeld: random.chance(0.1)))
      }
      now = clock + Int64(random.within(-5 * 86_400...15 * 86_400))
      backups.shuffle(using: &random)
      self.backups = backups
    }
  }

  /// A second implementation of the rules, which compares each backup with all others.
  private static func model(_ policy: RetentionPolicy, _ backups: [Backup], _ now: Int64)
    -> [RetentionPolicy.Reason: Set<String>]
  {
    var kept: [RetentionPolicy.Reason: Set<String>] = [:]
    let counted = backups.filter(counts)
    let newest = counted.max { $0.sequence < $1.sequence }?.createdAt ?? now
    for backup in backups {
      let newer = counted.filter { $0.sequence > backup.sequence }
      func keep(_ reason: RetentionPolicy.Reason, if holds: Bool) {
        if holds { kept[reason, default: []].insert(backup.id) }
      }
      func isLast<Period: Hashable>(_ limit: Int, _ period: (Backup) -> Period) -> Bool {
        let later = Set(newer.map(period))
        return counts(backup) && !later.contains(period(backup)) && later.count < limit
      }
      keep(.pinned, if: backup.isPinned)
      keep(.held, if: backup.isHeld)
      keep(.newestVerified, if: counts(backup) && newer.isEmpty)
      keep(.minimumVerified, if: counts(backup) && newer.count < policy.minimumVerified)
      keep(.recent, if: max(0, min(now, newest) - backup.createdAt) < Int64(policy.keepDays) * day)
      keep(.daily, if: isLast(policy.daily) { date($0.createdAt).description })
      keep(.weekly, if: isLast(policy.weekly) { isoWeek($0.createdAt) })
      keep(.monthly, if: isLast(policy.monthly) { "\(date($0.createdAt))".prefix(7) })
      keep(.noNewerVerified, if: newer.isEmpty)
    }
    return kept
  }

  private static func counts(_ backup: Backup) -> Bool {
    backup.isVerified && backup.isInOrder && !backup.isHeld
  }

  private static func date(_ instant: Int64) -> CivilDate {
    CivilDate(daysSinceEpoch: Int((Double(instant) / Double(day)).rounded(.down)))
  }

  /// Year and number of the ISO week: those of its Thursday.
  private static func isoWeek(_ instant: Int64) -> String {
    let date = date(instant)
    let thursday = CivilDate(daysSinceEpoch: date.daysSinceEpoch - date.weekday + 3)
    let first = CivilDate(year: thursday.year, month: 1, day: 1).daysSinceEpoch
    return "\(thursday.year)-W\((thursday.daysSinceEpoch - first) / 7 + 1)"
  }

  /// The broken promises in the decisions about a history.
  private static func faults(_ history: History) -> [String] {
    var faults: [String] = []
    func expect(_ holds: Bool, _ fault: String) {
      if !holds { faults.append(fault) }
    }
    let (policy, backups, now) = (history.policy, history.backups, history.now)
    let decisions = policy.decisions(for: backups, at: now)
    let kept = decisions.filter(\.isKept).map(\.backup)
    let gone = decisions.filter { !$0.isKept }.map(\.backup)
    expect(
      decisions.map(\.backup) == backups.sorted { $0.sequence < $1.sequence },
      "not every backup once, oldest first")

    let verified = backups.filter(counts)
    if let newest = verified.max(by: { $0.sequence < $1.sequence }) {
      expect(kept.contains(newest), "newest verified goes")
    }
    expect(
      kept.filter(counts).count >= min(policy.minimumVerified, verified.count),
      "too few verified backups are kept")
    expect(gone.allSatisfy { !$0.isPinned && !$0.isHeld }, "pinned or held goes")
    expect(
      gone.allSatisfy { max(0, now - $0.createdAt) >= Int64(policy.keepDays) * day },
      "young goes")
    expect(
      gone.allSatisfy { old in verified.contains { $0.sequence > old.sequence } },
      "removed without a newer verified backup")
    expect(
      policy.decisions(for: kept, at: now) == decisions.filter(\.isKept),
      "the removal changes other decisions")

    let model = model(policy, backups, now)
    for decision in decisions {
      let expected = RetentionPolicyTests.reasons.filter {
        model[$0, default: []].contains(decision.backup.id)
      }
      expect(decision.reasons == expected, "\(decision) is not \(expected)")
    }

    let newest = verified.max { $0.sequence < $1.sequence }?.createdAt ?? now
    expect(
      policy.decisions(for: backups, at: max(now, newest)).map(\.isKept)
        == policy.decisions(for: backups, at: max(now, newest) + 100_000 * day).map(\.isKept),
      "time alone removes a backup")
    if let next = policy.nextDeletion(for: backups, after: now) {
      func afterAnother(at instant: Int64) -> [RetentionPolicy.Decision] {
        let another = Backup(
          id: "another", sequence: .max, createdAt: instant, isVerified: true, isPinned: false)
        return policy.decisions(for: backups + [another], at: instant)
      }
      expect(
        afterAnother(at: next.at - 1).contains { $0.backup.id == next.id && $0.isKept },
        "the predicted backup is removed too early")
      expect(
        afterAnother(at: next.at).contains { $0.backup.id == next.id && !$0.isKept },
        "the predicted backup is kept")
      expect(kept.contains { $0.id == next.id }, "foretells what is gone")
    }
    return faults
  }

  private static let reasons: [RetentionPolicy.Reason] = [
    .pinned, .held, .newestVerified, .minimumVerified, .recent, .daily, .weekly, .monthly,
    .noNewerVerified,
  ]

  @Test("retention keeps its promises over random histories and agrees with a slow model")
  func randomHistories() {
    var went = 0
    var foretold = 0
    for number in 0..<4_000 {
      let history = History(number: number)
      let faults = Self.faults(history)
      #expect(faults.isEmpty, "history \(number)")
      if !faults.isEmpty { return }
      went +=
        history.policy.decisions(for: history.backups, at: history.now).filter { !$0.isKept }.count
      if history.policy.nextDeletion(for: history.backups, after: history.now) != nil {
        foretold += 1
      }
    }
    // Both outcomes are frequent enough to make the test meaningful.
    #expect(went > 4_000)
    #expect(foretold > 400)
  }
}
