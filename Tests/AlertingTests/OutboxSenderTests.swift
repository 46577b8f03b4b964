import Alerting
import Foundation
import MariaDBClient
import Notifications
import PayopsCore
import Synchronization
import TestSupport
import Testing

@Suite("Sending from the outbox", .timeLimit(.minutes(5)))
struct OutboxSenderTests {
  @Test("an alert arrives once with what it says, and its end after it")
  func life() async throws {
    let receiver = try await Receiver.shared()
    try await TestServer.withSchema { connection in
      let outbox = Outbox(connection: connection)
      let token = Receiver.token()
      try await outbox.webhook("hook", "/200/\(token)")
      try await outbox.at(0)
      try await outbox.raise("a", "CRITICAL")
      try await outbox.raise("b")
      #expect(try await outbox.send().delivered == 2)
      #expect(try await outbox.send() == SendReport())
      var requests = try receiver.requests(token)
      #expect(requests.count == 1)
      let first = try WebhookBody(try #require(requests.first))
      #expect(first.status == "firing")
      #expect(first.receiver == "hook")
      #expect(first.groupKey == "hook/test")
      #expect(first.alerts.map { $0.labels["subject"] } == ["a", "b"])
      let alert = try #require(first.alerts.first)
      #expect(
        alert.labels
          == ["alertname": "test", "severity": "critical", "subject": "a", "route": "hook"])
      #expect(alert.annotations["summary"] == "found a")
      #expect(alert.startsAt == "2026-11-22T12:00:00Z")
      // One of two is over: the group still fires.
      try await outbox.at(90)
      try await outbox.resolve("a")
      #expect(try await outbox.send().delivered == 1)
      requests = try receiver.requests(token)
      let second = try WebhookBody(try #require(requests.last))
      #expect(second.status == "firing")
      #expect(second.alerts.map(\.status) == ["resolved", "firing"])
      #expect(second.alerts.first?.endsAt == "2026-11-22T12:01:30Z")
      try await outbox.resolve("b")
      #expect(try await outbox.send().delivered == 1)
      requests = try receiver.requests(token)
      #expect(requests.count == 3)
      let third = try WebhookBody(try #require(requests.last))
      #expect(third.status == "resolved")
      #expect(third.groupKey == first.groupKey)
      #expect(Set(requests.compactMap { $0.headers["idempotency-key"] }).count == 3)
    }
  }

  @Test("what the receiver cannot take now is sent again, under the same key, and once")
  func retries() async throws {
    let receiver = try await Receiver.shared()
    try await TestServer.withSchema { connection in
      let outbox = Outbox(connection: connection)
      let token = Receiver.token()
      try await outbox.webhook("hook", "/503/\(token)/120")
      try await outbox.at(0)
      try await outbox.raise("a")
      let report = try await outbox.send()
      #expect(report.retried == 1 && report.delivered == 0)
      #expect(try await outbox.notices() == ["hook a firing WARNING waiting 1"])
      // The receiver asked for two minutes. Meanwhile another alert of the rule comes.
      try await outbox.redirect("hook", to: "/200/\(token)")
      try await outbox.at(119)
      try await outbox.raise("b")
      #expect(try await outbox.send().delivered == 1)
      try await outbox.at(121)
      #expect(try await outbox.send().delivered == 1)
      #expect(
        try await outbox.notices() == [
          "hook a firing WARNING delivered 2", "hook b firing WARNING delivered 1",
        ])
      let requests = try receiver.requests(token)
      #expect(requests.map { $0.path.contains("/503/") } == [true, false, false])
      let keys = requests.compactMap { $0.headers["idempotency-key"] }
      #expect(keys.count == 3 && keys[0] == keys[2] && keys[0] != keys[1])
    }
  }

  @Test("what nobody will take is given up after so many attempts, or when it is too old")
  func givenUp() async throws {
    try await TestServer.withSchema { connection in
      let outbox = Outbox(connection: connection)
      try await outbox.route("log")
      try await outbox.at(0)
      try await outbox.raise("a")
      let failure = DeliveryFailure(.serverError, "it fails")
      for attempt in 1...20 {
        let report = try await outbox.send { _, _ in .retry(after: nil, failure) }
        #expect(report.retried >= (attempt < 20 ? 1 : 0))
        try await outbox.hurry()
        if try await outbox.notices().first?.contains("failed") == true { break }
      }
      #expect(try await outbox.notices() == ["log a firing WARNING failed 20"])
      #expect(
        try await outbox.value("SELECT last_error FROM notifications")
          == "after 20 attempts: it fails")
      try await outbox.raise("b")
      try await outbox.at(86_401)
      #expect(try await outbox.send { _, _ in .retry(after: nil, failure) }.failed == 1)
      #expect(
        try await outbox.value("SELECT MAX(last_error) FROM notifications") == "too old: it fails")
      #expect(
        try await outbox.value(
          "SELECT alert_state FROM alerts WHERE alert_rule = 'notification_failed'") == "firing")
    }
  }

  @Test("a refused notice is given up, said so, and sent again when somebody asks for it")
  func deadLetters() async throws {
    let receiver = try await Receiver.shared()
    try await TestServer.withSchema { connection in
      let outbox = Outbox(connection: connection)
      let token = Receiver.token()
      try await outbox.webhook("hook", "/400/\(token)")
      try await outbox.at(0)
      try await outbox.raise("a")
      let report = try await outbox.send()
      #expect(report.failed == 1)
      #expect(report.reasons.first?.contains("400") == true, "\(report.reasons)")
      let open = "SELECT COUNT(*) FROM alerts WHERE open_key = 'notification_failed/hook'"
      #expect(try await outbox.value(open) == "1")
      try await outbox.redirect("hook", to: "/200/\(token)")
      #expect(try await outbox.send() == SendReport())
      try await outbox.call("retry_notifications('hook')")
      #expect(try await outbox.send().delivered == 1)
      #expect(try await outbox.value(open) == "0")
      #expect(try receiver.requests(token).count == 2)
    }
  }

  @Test("what failed more than a day ago is not sent again")
  func oldLetters() async throws {
    let first = "WHERE alert_id = (SELECT MIN(alert_id) FROM alerts)"
    try await TestServer.withSchema { connection in
      let outbox = Outbox(connection: connection)
      try await outbox.route("hook")
      try await outbox.at(0)
      try await outbox.raise("a")
      let failure = DeliveryFailure(.rejected, "it fails")
      #expect(try await outbox.send { _, _ in .failed(failure) }.failed == 1)
      for (age, state) in [("25 HOUR", "failed"), ("23 HOUR", "waiting")] {
        try await connection.execute(
          "UPDATE notifications SET created_at = UTC_TIMESTAMP() - INTERVAL \(age) \(first)")
        try await outbox.call("retry_notifications('hook')")
        #expect(
          try await outbox.value("SELECT notice_state FROM notifications \(first)") == state)
      }
    }
  }

  @Test("a route that makes no channel fails its notices with the reason, and no others")
  func badOptions() async throws {
    try await TestServer.withSchema { connection in
      let outbox = Outbox(connection: connection)
      try await outbox.route("bad", options: #"{"colour": "red"}"#)
      try await outbox.route("good")
      try await outbox.at(0)
      try await outbox.raise("a")
      let report = try await outbox.send { _, _ in .delivered }
      // The route that works is told of the other one as well.
      #expect(report.failed == 1 && report.delivered == 2)
      #expect(report.reasons == ["route 'bad': log has no option 'colour'"])
      #expect(
        try await outbox.notices() == [
          "bad a firing WARNING failed 1", "good a firing WARNING delivered 1",
          "good bad firing CRITICAL delivered 1",
        ])
    }
  }

  @Test("a notice whose sender died comes again with the same key, and the dead one is refused")
  func lostSender() async throws {
    try await TestServer.withSchema { connection in
      let outbox = Outbox(connection: connection)
      try await outbox.route("log")
      try await outbox.at(0)
      for subject in ["a", "b"] { try await outbox.raise(subject) }
      let store = NoticeOutbox(connection)
      let group = try #require(try await store.lease(owner: "dead", seconds: 45, limit: 10))
      try await outbox.raise("c")
      let keys = Mutex<[(key: String, count: Int)]>([])
      let deliver: OutboxSender.Delivery = { notification, _ in
        keys.withLock { $0.append((notification.deliveryKey, notification.alerts.count)) }
        return .delivered
      }
      // Only the new one is due before the lease ends.
      #expect(try await outbox.send(deliver).delivered == 1)
      try await outbox.at(46)
      #expect(try await outbox.send(deliver).delivered == 2)
      let told = keys.withLock { $0 }
      // What follows reads the second: without it the process would die, and the rest with it.
      try #require(told.map(\.count) == [1, 2])
      #expect(told[1].key == group.deliveryKey && told[0].key != group.deliveryKey)
      let lost = try await store.finish(
        group.notices.map { ($0.id, .delivered) }, owner: "dead")
      #expect(lost == 2)
    }
  }

  @Test("nothing is begun that may outlast its lease: it is put back, and goes under a new one")
  func shortLease() async throws {
    try await TestServer.withSchema { connection in
      let outbox = Outbox(connection: connection)
      // Each alert is an incident of its own, so that one lease is for several attempts.
      try await outbox.route("duty", "pagerduty", "", options: #"{"secret_file": "/k"}"#)
      try await outbox.at(0)
      for subject in ["a", "b", "c"] { try await outbox.raise(subject) }
      let start = ContinuousClock.now
      let elapsed = Mutex(Duration.zero)
      let begun = Mutex<[Duration]>([])
      var generator = SystemRandomNumberGenerator()
      let sender = OutboxSender(
        outbox: NoticeOutbox(connection), owner: "sender", budget: .seconds(100_000),
        now: { start + elapsed.withLock { $0 } },
        deliver: { _, _ in
          begun.withLock { $0.append(elapsed.withLock { $0 }) }
          // A machine that was asleep meanwhile: what is left of the lease is less than an attempt.
          elapsed.withLock { $0 += .seconds(30) }
          return .delivered
        })
      let report = try await sender.send(using: &generator)
      #expect(report.delivered == 3)
      #expect(report.lost == 0)
      #expect(report.reasons == ["not tried: no time was left"])
      #expect(report.retried == 3, "two were put back, then one")
      #expect(begun.withLock { $0 } == [.zero, .seconds(30), .seconds(60)])
    }
  }

  @Test("a lease that ends under way is noted, and the sender goes on")
  func lostLease() async throws {
    try await TestServer.withSchema { connection in
      let outbox = Outbox(connection: connection)
      try await outbox.route("first")
      try await outbox.route("second")
      try await outbox.at(0)
      try await outbox.raise("a")
      let other = try await outbox.another()
      try await outbox.at(3600, on: other.connection)
      let count = Mutex(0)
      let report = try await outbox.send { _, _ in
        // Another sender, an hour later, takes everything while the first is at work.
        if count.withLock({
          $0 += 1
          return $0
        }) == 1 {
          _ = try? await other.send { _, _ in .delivered }
        }
        return .delivered
      }
      #expect(report.lost == 1 && report.delivered == 0)
      #expect(
        try await outbox.notices() == [
          "first a firing WARNING delivered 2", "second a firing WARNING delivered 1",
        ])
      await other.connection.close()
    }
  }

  @Test("two senders at once give each notice to its receiver once, retried ones too")
  func twoSenders() async throws {
    try await TestServer.withSchema { connection in
      let outbox = Outbox(connection: connection)
      for name in ["x", "y"] { try await outbox.route(name) }
      for number in 0..<30 {
        try await outbox.call("raise_alert('r\(number % 3)', 's\(number)', 'WARNING', 'm')")
      }
      let told = Mutex<[String: Int]>([:])
      let isFailing = Mutex(true)
      let deliver: OutboxSender.Delivery = { notification, channel in
        await Task.yield()
        guard !isFailing.withLock({ $0 }) else {
          return .retry(after: .seconds(3600), DeliveryFailure(.serverError, "no"))
        }
        told.withLock { told in
          for alert in notification.alerts {
            told["\(channel.name) \(alert.fingerprint)", default: 0] += 1
          }
        }
        return .delivered
      }
      let others = [try await outbox.another(), try await outbox.another()]
      func both() async throws -> Int {
        try await withThrowingTaskGroup(of: SendReport.self) { group in
          for (number, other) in others.enumerated() {
            group.addTask {
              var generator = SystemRandomNumberGenerator()
              return try await OutboxSender(
                outbox: NoticeOutbox(other.connection), owner: "s\(number)", groupLimit: 4,
                deliver: deliver
              ).send(using: &generator)
            }
          }
          return try await group.reduce(0) { $0 + $1.delivered + $1.retried }
        }
      }
      #expect(try await both() == 60)
      isFailing.withLock { $0 = false }
      try await outbox.hurry()
      #expect(try await both() == 60)
      let counts = told.withLock { $0 }
      #expect(counts.count == 60)
      #expect(counts.values.allSatisfy { $0 == 1 })
      for other in others { await other.connection.close() }
    }
  }

  @Test("a receiver that is away is tried once in a run; its other notices wait")
  func absence() async throws {
    try await TestServer.withSchema { connection in
      let outbox = Outbox(connection: connection)
      for name in ["away", "here"] { try await outbox.route(name) }
      try await outbox.at(0)
      for rule in ["r1", "r2", "r3"] {
        try await outbox.call("raise_alert('\(rule)', 's', 'WARNING', 'm')")
      }
      let attempts = Mutex<[String]>([])
      let report = try await outbox.send { _, channel in
        attempts.withLock { $0.append(channel.name) }
        return channel.name == "here"
          ? .delivered : .retry(after: .seconds(60), DeliveryFailure(.timedOut, "no answer"))
      }
      #expect(report.delivered == 3 && report.retried == 3)
      #expect(attempts.withLock { $0.filter { $0 == "away" } }.count == 1)
    }
  }

  @Test("PagerDuty gets an incident for each alert; an Alertmanager the severity before")
  func kinds() async throws {
    try await TestServer.withSchema { connection in
      let outbox = Outbox(connection: connection)
      try await outbox.route("duty", "pagerduty", "", options: #"{"secret_file": "/k"}"#)
      try await outbox.route("manager", "alertmanager", "https://am.example.com")
      try await outbox.at(0)
      let told = Mutex<[AlertNotification]>([])
      let deliver: OutboxSender.Delivery = { notification, _ in
        told.withLock { $0.append(notification) }
        return .delivered
      }
      for subject in ["a", "b"] { try await outbox.raise(subject) }
      _ = try await outbox.send(deliver)
      try await outbox.raise("a", "SEVERE")
      try await outbox.resolve("b")
      _ = try await outbox.send(deliver)
      let all = told.withLock { $0 }
      let duty = all.filter { $0.receiver == "duty" }
      #expect(duty.map(\.groupKey) == ["duty/test/1", "duty/test/2", "duty/test/1", "duty/test/2"])
      #expect(duty.map(\.status) == [.firing, .firing, .firing, .resolved])
      #expect(Set(duty.map(\.deliveryKey)).count == 4)
      let manager = all.filter { $0.receiver == "manager" }.flatMap(\.alerts)
      #expect(manager.map(\.previousSeverity) == [nil, nil, .warning, nil])
    }
  }
}
