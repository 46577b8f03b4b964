package import Notifications
internal import PayopsCore

/// Sends the due notifications of the outbox, one group after another.
package struct OutboxSender: Sendable {
  /// One attempt to deliver.
  package typealias Delivery =
    @Sendable (_ notification: AlertNotification, _ channel: Channel) async -> DeliveryOutcome

  /// How much longer than the longest attempt a lease lasts, seconds.
  private static let leaseMargin = 30
  /// The time that must be left of a lease after an attempt, to record its outcome.
  private static let finishMargin = Duration.seconds(5)
  /// The shortest wait of notifications that were not tried because their receiver is down,
  /// seconds.
  private static let putBackSeconds = 10.0

  private let outbox: NoticeOutbox
  private let owner: String
  private let schedule: RetrySchedule
  private let groupLimit: Int
  private let budget: Duration
  private let now: @Sendable () -> ContinuousClock.Instant
  private let deliver: Delivery

  /// Makes a sender.
  ///
  /// - Parameters:
  ///   - outbox: the waiting notifications.
  ///   - owner: the name of the sender; unique among senders, ASCII of at most 128 characters.
  ///   - schedule: when failed attempts are retried.
  ///   - groupLimit: the most alerts in one notification; 1 or more.
  ///   - budget: the time after which the sender starts no further group.
  ///   - now: the clock; a parameter so that tests need not wait.
  ///   - deliver: makes one attempt.
  package init(
    outbox: NoticeOutbox, owner: String, schedule: RetrySchedule = RetrySchedule(),
    groupLimit: Int = 100, budget: Duration = .seconds(240),
    now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
    deliver: @escaping Delivery
  ) {
    self.outbox = outbox
    self.owner = owner
    self.schedule = schedule
    self.groupLimit = groupLimit
    self.budget = budget
    self.now = now
    self.deliver = deliver
  }

  /// Sends until nothing is due; cancelling the task ends it after the attempt in progress.
  ///
  /// - Parameter generator: the source of the jitter of waits.
  /// - Throws: `DatabaseError`; the group in progress is then leased again when its lease expires.
  package func send(
    using generator: inout some RandomNumberGenerator & Sendable
  ) async throws -> SendReport {
    let end = now() + budget
    var report = SendReport()
    var absent: [String: DeliveryFailure] = [:]
    while !Task.isCancelled {
      if now() >= end {
        report.isCutShort = true
        break
      }
      let seconds = try await outbox.longestAttemptSeconds() + Self.leaseMargin
      let leaseEnd = now() + .seconds(seconds)
      guard
        let group = try await outbox.lease(owner: owner, seconds: seconds, limit: groupLimit)
      else { break }
      try await send(group, until: leaseEnd, &absent, &report, &generator)
    }
    return report
  }

  private func send(
    _ group: NoticeGroup, until leaseEnd: ContinuousClock.Instant,
    _ absent: inout [String: DeliveryFailure], _ report: inout SendReport,
    _ generator: inout some RandomNumberGenerator & Sendable
  ) async throws {
    let channel: Channel
    do {
      channel = try group.route.channel()
    } catch {
      try await finish(group.notices, .failed(reason: error.message), &report)
      return
    }
    var others: [NotifiedAlert] = []
    if group.notices.contains(where: \.isEnd),
      [.webhook, .slack, .email, .log].contains(channel.kind)
    {
      others = try await outbox.stillFiring(besides: group)
    }
    for notices in group.deliveries(for: channel.kind) {
      if let failure = absent[group.route.name] {
        let wait = max(Self.putBackSeconds, drawn(notices, &generator))
        try await finish(
          notices, .retry(afterSeconds: wait, reason: "not tried: \(failure.reason)"), &report)
        continue
      }
      guard !Task.isCancelled,
        now() + channel.connection.totalTimeout + Self.finishMargin <= leaseEnd
      else {
        try await finish(
          notices, .retry(afterSeconds: 0, reason: "not tried: no time was left"), &report)
        continue
      }
      let outcome = await deliver(
        group.notification(of: notices, for: channel.kind, others: others), channel)
      switch outcome {
      case .delivered: try await finish(notices, .delivered, &report)
      case .failed(let failure):
        try await finish(notices, .failed(reason: failure.reason), &report)
      case .retry(let after, let failure):
        if Self.isAbsence(failure) { absent[group.route.name] = failure }
        let outcomes = outcomes(of: notices, group, after, failure, &generator)
        try await finish(outcomes, &report)
      }
    }
  }

  /// Whether further attempts over the route would probably fail in the same way, after a timeout.
  private static func isAbsence(_ failure: DeliveryFailure) -> Bool {
    [.timedOut, .unreachable, .nameNotFound, .overloaded].contains(failure.code)
  }

  /// The outcomes of notifications whose attempt failed for now: all that are retried wait equally
  /// long.
  private func outcomes(
    of notices: [LeasedNotice], _ group: NoticeGroup, _ retryAfter: Duration?,
    _ failure: DeliveryFailure, _ generator: inout some RandomNumberGenerator
  ) -> [(id: Int64, outcome: NoticeOutcome)] {
    func age(_ notice: LeasedNotice) -> Duration {
      .seconds(group.leasedAt.secondsSinceEpoch - notice.createdAt.secondsSinceEpoch)
    }
    let decision = schedule.decision(
      afterAttempts: notices.map(\.attemptCount).min() ?? 1,
      age: notices.map(age).min() ?? .zero, retryAfter: retryAfter, using: &generator)
    return notices.map { notice in
      switch decision {
      case .tooManyAttempts: break
      case .wait where notice.attemptCount >= schedule.maximumAttempts: break
      case .wait(let wait) where age(notice) + wait <= schedule.maximumAge:
        return (notice.id, .retry(afterSeconds: wait / .seconds(1), reason: failure.reason))
      case .wait, .tooOld: return (notice.id, .failed(reason: "too old: \(failure.reason)"))
      }
      return (
        notice.id, .failed(reason: "after \(notice.attemptCount) attempts: \(failure.reason)")
      )
    }
  }

  /// A random wait, seconds, of notifications that are put back.
  private func drawn(
    _ notices: [LeasedNotice], _ generator: inout some RandomNumberGenerator
  ) -> Double {
    let ceiling = schedule.ceiling(afterAttempts: notices.map(\.attemptCount).min() ?? 1)
    return Double.random(in: 0...(ceiling / .seconds(1)), using: &generator)
  }

  private func finish(
    _ notices: [LeasedNotice], _ outcome: NoticeOutcome, _ report: inout SendReport
  ) async throws {
    try await finish(notices.map { ($0.id, outcome) }, &report)
  }

  private func finish(
    _ outcomes: [(id: Int64, outcome: NoticeOutcome)], _ report: inout SendReport
  ) async throws {
    let lost = try await outbox.finish(outcomes, owner: owner)
    report.lost += lost
    // A group is leased as a whole, so it is also lost as a whole.
    guard lost < outcomes.count else { return }
    for (_, outcome) in outcomes {
      switch outcome {
      case .delivered: report.delivered += 1
      case .retry(_, let reason):
        report.retried += 1
        report.note(reason)
      case .failed(let reason):
        report.failed += 1
        report.note(reason)
      }
    }
  }
}

extension SendReport {
  fileprivate mutating func note(_ reason: String) {
    if !reasons.contains(reason), reasons.count < 10 { reasons.append(reason) }
  }
}
