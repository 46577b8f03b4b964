/// Which backups rotation keeps.
///
/// A backup is removed only when no rule keeps it. Newer means a higher sequence, since the clock
/// may have jumped between two backups. Age is counted back from the newest verified backup, not
/// from the clock: neither a clock that runs ahead nor weeks without a backup make anything old.
/// Days, ISO weeks and months are those of ``Backup/createdAt`` in UTC; the last of them are those
/// that the newest verified backups lie in.
package struct RetentionPolicy: Sendable, Equatable {
  /// Days before the newest verified backup of which every backup is kept, verified or not; 0 or
  /// less keeps none by its age.
  package var keepDays: Int
  /// Days of which the newest verified backup is kept: the last ones that have one.
  package var daily: Int
  /// ISO weeks of which the newest verified backup is kept: the last ones that have one.
  package var weekly: Int
  /// Calendar months of which the newest verified backup is kept: the last ones that have one.
  package var monthly: Int
  /// Newest verified backups that are kept whatever their age; never below 1.
  package var minimumVerified: Int {
    didSet { minimumVerified = max(1, minimumVerified) }
  }

  /// Makes a policy; counts below 0 count as 0.
  ///
  /// - Parameters:
  ///   - keepDays: days before the newest verified backup of which every backup is kept.
  ///   - daily: days of which the newest verified backup is kept.
  ///   - weekly: ISO weeks of which the newest verified backup is kept.
  ///   - monthly: calendar months of which the newest verified backup is kept.
  ///   - minimumVerified: newest verified backups that are always kept; below 1 counts as 1.
  package init(
    keepDays: Int = 7, daily: Int = 0, weekly: Int = 0, monthly: Int = 0, minimumVerified: Int = 3
  ) {
    self.keepDays = keepDays
    self.daily = daily
    self.weekly = weekly
    self.monthly = monthly
    self.minimumVerified = max(1, minimumVerified)
  }

  /// What a decision needs to know about a backup.
  package struct Backup: Sendable, Equatable {
    /// Name of the backup.
    package let id: String
    /// Position in the order of creation; higher is newer.
    package let sequence: Int
    /// Instant of the snapshot, seconds after 1970-01-01 00:00:00 UTC.
    package let createdAt: Int64
    /// Whether a restore has proved it.
    package let isVerified: Bool
    /// Whether somebody asked to keep it.
    package let isPinned: Bool
    /// Whether it belongs to the sequence of backups; one that does not is never the newest and
    /// never counts.
    package let isInOrder: Bool
    /// Whether it is kept without counting for any rule, because somebody has to look at it first.
    package var isHeld: Bool

    /// Describes a backup.
    ///
    /// - Parameters:
    ///   - id: name of the backup.
    ///   - sequence: position in the order of creation; higher is newer.
    ///   - createdAt: instant of the snapshot, seconds after 1970-01-01 00:00:00 UTC.
    ///   - isVerified: whether a restore has proved it.
    ///   - isPinned: whether somebody asked to keep it.
    ///   - isInOrder: whether it belongs to the sequence of backups.
    ///   - isHeld: whether it is kept without counting for any rule.
    package init(
      id: String, sequence: Int, createdAt: Int64, isVerified: Bool, isPinned: Bool,
      isInOrder: Bool = true, isHeld: Bool = false
    ) {
      self.id = id
      self.sequence = sequence
      self.createdAt = createdAt
      self.isVerified = isVerified
      self.isPinned = isPinned
      self.isInOrder = isInOrder
      self.isHeld = isHeld
    }

    /// Whether it can replace older ones.
    fileprivate var counts: Bool { isVerified && isInOrder && !isHeld }
  }

  /// A rule that keeps a backup.
  package enum Reason: String, Sendable, Equatable {
    /// Somebody asked to keep it.
    case pinned
    /// Its data are damaged or could not be read.
    case held
    /// The newest of the verified backups.
    case newestVerified
    /// Among the ``RetentionPolicy/minimumVerified`` newest verified backups.
    case minimumVerified
    /// Less than ``RetentionPolicy/keepDays`` older than the newest verified backup.
    case recent
    /// The newest verified backup of one of the last days that have one.
    case daily
    /// The newest verified backup of one of the last ISO weeks that have one.
    case weekly
    /// The newest verified backup of one of the last months that have one.
    case monthly
    /// No newer backup is verified, so nothing replaces it yet.
    case noNewerVerified
  }

  /// What happens to a backup.
  package struct Decision: Sendable, Equatable {
    /// The backup.
    package let backup: Backup
    /// Every rule that keeps it, in the order of ``Reason``; empty when it is removed.
    package let reasons: [Reason]
    /// Whether it is kept.
    package var isKept: Bool { !reasons.isEmpty }
  }

  /// Decides about every backup.
  ///
  /// Removing what is not kept changes no decision about the rest.
  ///
  /// - Parameters:
  ///   - backups: all backups, in any order, each sequence once.
  ///   - now: seconds after 1970-01-01 00:00:00 UTC; a backup created later has age 0.
  /// - Returns: one decision for each backup, the lowest sequence first.
  package func decisions(for backups: [Backup], at now: Int64) -> [Decision] {
    let ordered = backups.sorted {
      ($0.sequence, $0.createdAt, $0.id) < ($1.sequence, $1.createdAt, $1.id)
    }
    let newest = ordered.last(where: \.counts)
    // Neither does a snapshot ahead of the clock make anything old.
    let reference = min(now, newest?.createdAt ?? now)
    var verifiedSeen = 0
    var days = LatestPeriods(limit: daily)
    var weeks = LatestPeriods(limit: weekly)
    var months = LatestPeriods(limit: monthly)
    var decisions: [Decision] = []
    decisions.reserveCapacity(ordered.count)
    for backup in ordered.reversed() {
      var reasons: [Reason] = []
      if backup.isPinned { reasons.append(.pinned) }
      if backup.isHeld { reasons.append(.held) }
      if backup.counts {
        if verifiedSeen == 0 { reasons.append(.newestVerified) }
        if verifiedSeen < minimumVerified { reasons.append(.minimumVerified) }
        verifiedSeen += 1
      }
      if age(of: backup, at: reference) < keepSeconds { reasons.append(.recent) }
      if backup.counts {
        let date = CivilInstant(secondsSinceEpoch: Int(backup.createdAt)).date
        let day = date.daysSinceEpoch
        if days.admit(day) { reasons.append(.daily) }
        if weeks.admit(day - date.weekday) { reasons.append(.weekly) }
        if months.admit(date.year * 12 + date.month) { reasons.append(.monthly) }
      }
      if newest.map({ $0.sequence <= backup.sequence }) ?? true { reasons.append(.noNewerVerified) }
      decisions.append(Decision(backup: backup, reasons: reasons))
    }
    return decisions.reversed()
  }

  /// Predicts the next backup that no rule will keep, if newer ones continue to be verified.
  ///
  /// Without newer ones nothing becomes old. So it is a backup kept as ``Reason/recent`` alone, and
  /// the instant is the earliest at which it can be removed.
  ///
  /// - Parameters:
  ///   - backups: all backups, in any order, each sequence once.
  ///   - now: seconds after 1970-01-01 00:00:00 UTC; backups that are not kept at this instant are
  ///     left out.
  /// - Returns: the backup, the oldest of several, and the first second at which it may not be
  ///   kept; nil when every backup kept now stays.
  package func nextDeletion(for backups: [Backup], after now: Int64) -> (id: String, at: Int64)? {
    var next: (id: String, at: Int64)?
    for decision in decisions(for: backups, at: now) where decision.reasons == [.recent] {
      let (instant, overflow) = decision.backup.createdAt.addingReportingOverflow(keepSeconds)
      guard !overflow, instant < next?.at ?? .max else { continue }
      next = (decision.backup.id, instant)
    }
    return next
  }

  /// Every backup younger than this is kept, seconds.
  private var keepSeconds: Int64 {
    let (seconds, overflow) = Int64(max(0, keepDays)).multipliedReportingOverflow(by: 86_400)
    return overflow ? .max : seconds
  }

  /// Seconds since the snapshot; 0 when it lies in the future.
  private func age(of backup: Backup, at now: Int64) -> Int64 {
    guard backup.createdAt < now else { return 0 }
    let (seconds, overflow) = now.subtractingReportingOverflow(backup.createdAt)
    return overflow ? .max : seconds
  }

  /// The first periods that are seen, each once.
  private struct LatestPeriods {
    let limit: Int
    private var seen: Set<Int> = []

    init(limit: Int) { self.limit = limit }

    /// Whether a period is seen for the first time while there is room.
    mutating func admit(_ period: Int) -> Bool {
      seen.count < limit && seen.insert(period).inserted
    }
  }
}
