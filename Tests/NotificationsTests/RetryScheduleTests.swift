import Notifications
import PayopsCore
import Testing

@Suite("Retry schedule")
struct RetryScheduleTests {
  @Test("a retry waits between zero and a ceiling that doubles up to the cap")
  func bounds() {
    var random = SeededRandom(seed: 1)
    for round in 0..<500 {
      let base = Duration.milliseconds(random.within(1...60_000))
      let cap = Duration.milliseconds(random.within(1...3_600_000))
      let schedule = RetrySchedule(
        base: base, cap: cap, maximumAttempts: 1000, maximumAge: .seconds(1_000_000))
      var last = Duration.zero
      for attempts in 1...70 {
        let ceiling = schedule.ceiling(afterAttempts: attempts)
        let doubled = attempts < 30 ? base * (1 << (attempts - 1)) : .seconds(1_000_000_000)
        #expect(ceiling == min(doubled, max(cap, base)), "round \(round), attempt \(attempts)")
        #expect(ceiling >= last)
        last = ceiling
        guard
          case .wait(let wait) = schedule.decision(
            afterAttempts: attempts, age: .zero, retryAfter: nil, using: &random)
        else {
          Issue.record("gave up in round \(round)")
          return
        }
        #expect(wait >= .zero && wait <= ceiling)
      }
    }
  }

  @Test("retry waits are uniformly distributed and repeatable from a seed")
  func jitter() {
    let schedule = RetrySchedule(
      base: .seconds(100), cap: .seconds(100), maximumAttempts: 100_000,
      maximumAge: .seconds(1_000_000))
    func draws(_ seed: UInt64) -> [Double] {
      var random = SeededRandom(seed: seed)
      return (1...4000).compactMap { attempts in
        guard
          case .wait(let wait) = schedule.decision(
            afterAttempts: attempts, age: .zero, retryAfter: nil, using: &random)
        else { return nil }
        return wait / .seconds(100)
      }
    }
    let values = draws(7)
    #expect(values == draws(7))
    #expect(values != draws(8))
    for tenth in 0..<10 {
      let count = values.count { Int(min($0, 0.9999) * 10) == tenth }
      // 400 expected, standard deviation 19.
      #expect((300...500).contains(count), "tenth \(tenth): \(count)")
    }
  }

  @Test("a receiver may ask for a longer wait, not for a shorter one")
  func retryAfter() {
    let schedule = RetrySchedule(base: .seconds(1), cap: .seconds(1), maximumAttempts: 9)
    var random = SeededRandom(seed: 3)
    #expect(
      schedule.decision(
        afterAttempts: 1, age: .zero, retryAfter: .seconds(600), using: &random)
        == .wait(.seconds(600)))
    var one = SeededRandom(seed: 4)
    var other = one
    #expect(
      schedule.decision(afterAttempts: 1, age: .zero, retryAfter: .zero, using: &one)
        == schedule.decision(afterAttempts: 1, age: .zero, retryAfter: nil, using: &other))
  }

  @Test("retries end after the last attempt, or when the next would come too late")
  func end() {
    let schedule = RetrySchedule(
      base: .seconds(1), cap: .seconds(4), maximumAttempts: 3, maximumAge: .seconds(60))
    var random = SeededRandom(seed: 5)
    func decide(_ attempts: Int, _ age: Int, _ after: Int? = nil) -> RetrySchedule.Decision {
      schedule.decision(
        afterAttempts: attempts, age: .seconds(age),
        retryAfter: after.map { .seconds($0) }, using: &random)
    }
    #expect(decide(3, 0) == .tooManyAttempts)
    #expect(decide(4, 0) == .tooManyAttempts)
    #expect(decide(1, 61) == .tooOld)
    #expect(decide(1, 30, 31) == .tooOld)
    #expect(decide(1, 30, 30) == .wait(.seconds(30)))
  }

  @Test("brings what is out of range into it")
  func ranges() {
    let schedule = RetrySchedule(
      base: .seconds(-1), cap: .zero, maximumAttempts: 0, maximumAge: .seconds(-1))
    #expect(schedule.base == .milliseconds(1))
    #expect(schedule.cap == .milliseconds(1))
    #expect(schedule.maximumAttempts == 1)
    #expect(schedule.ceiling(afterAttempts: .min) == .milliseconds(1))
  }
}

@Suite("Retry-After")
struct RetryAfterTests {
  private let now = CivilInstant("2026-11-22 10:00:00")

  @Test(
    "Retry-After is a number of seconds or an HTTP date, at most an hour",
    arguments: [
      ("120", 120), (" 7 ", 7), ("0", 0), ("3601", 3600), ("99999999999999999999", 3600),
      ("Sun, 22 Nov 2026 10:02:00 GMT", 120), ("Sunday, 22-Nov-26 10:01:00 GMT", 60),
      ("Sun Nov 22 10:00:30 2026", 30), ("Sun, 22 Nov 2026 09:00:00 GMT", 0),
      ("Fri, 31 Dec 2027 00:00:00 GMT", 3600),
    ])
  func good(text: String, seconds: Int) throws {
    #expect(RetryAfter.duration(text, now: try #require(now)) == .seconds(seconds))
  }

  @Test(
    "an invalid Retry-After is ignored",
    arguments: ["", " ", "-1", "1.5", "soon", "12 seconds", "+5", "0x10", "Sunday", "²"])
  func bad(text: String) throws {
    #expect(RetryAfter.duration(text, now: try #require(now)) == nil)
  }
}
