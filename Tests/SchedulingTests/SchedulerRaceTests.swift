import PayopsCore
import Testing

@testable import Scheduling

/// Schedulers that race, pause and die under a simulated clock.
@Suite("Schedulers in a simulated world", .timeLimit(.minutes(5)))
struct SchedulerRaceTests {
  private static func jobs() throws -> [Job] {
    [
      Job(
        name: "refresh", command: .sql, schedule: try Schedule("every 30s"), catchUp: .once),
      Job(
        name: "post", command: .sql, schedule: try Schedule("*/20 * * * *"), catchUp: .all,
        catchUpMaximum: 10_000, queues: true),
      Job(
        name: "report", command: .sql,
        schedule: try Schedule("30 2 * * *", timeZone: "Europe/Berlin"), calendar: "bank",
        condition: .businessDays, catchUp: .all, catchUpMaximum: 10_000),
      Job(
        name: "probe", command: .sql, schedule: try Schedule("every 20s"), catchUp: .none,
        graceSeconds: 40),
    ]
  }

  /// All times of a job that had to be decided.
  private static func times(of job: Job, from: CivilInstant, through: CivilInstant)
    -> [CivilInstant]
  {
    var found: [CivilInstant] = []
    var cursor = from
    while let time = job.next(after: cursor, isBusinessDay: { $0.weekday < 5 }), time <= through {
      found.append(time)
      cursor = time
    }
    return found
  }

  @Test(
    "schedulers start each time exactly once and lose none that is required",
    arguments: [(2, 20_000, 11), (2, 30_000, 12), (5, 20_000, 13), (5, 30_000, 14)])
  func race(players: Int, steps: Int, seed: UInt64) async throws {
    print("schedulers on stage: \(players), steps: \(steps), seed: \(seed)")
    var random = SeededRandom(seed: seed, stream: "stage")
    let stage = Stage()
    let start = try #require(CivilInstant("2026-10-23 12:00:00"))
    let all = try Self.jobs()
    let jobs = MemoryJobs(all, now: start)
    var tasks: [Int: Task<Void, Never>] = [:]
    var nextPlayer = 0
    func enter() {
      let store = StagedStore(
        player: nextPlayer, stage: stage, jobs: jobs,
        fails: { $0.secondsSinceEpoch % 7 == 0 && $0.secondsSinceEpoch % 3 == 0 })
      let scheduler = Scheduler(
        store: store, runner: store, holder: "\(nextPlayer)",
        report: { event in
          switch event {
          case .starting: stage.begin()
          case .ended, .troubled: stage.end()
          default: break
          }
        })
      stage.begin()
      tasks[nextPlayer] = Task {
        while !Task.isCancelled {
          do { try await scheduler.tick() } catch is Stage.Killed { break } catch {}
        }
        stage.end()
      }
      nextPlayer += 1
    }
    for _ in 0..<players { enter() }

    var pausedUntil: [Int: Int] = [:]
    for step in 0..<steps {
      let waiting = await stage.waitingPlayers()
      let awake = Set(waiting).subtracting(
        pausedUntil.filter { $0.value > step }.map(\.key)
      ).sorted()
      if let player = awake.isEmpty ? waiting.first : awake[random.below(awake.count)] {
        if random.chance(0.004) { pausedUntil[player] = step + random.within(20...400) }
        if random.chance(0.002) {
          stage.kill(player)
          await jobs.die(player)
          tasks[player] = nil
          enter()
        } else {
          stage.release(player, random.below(8))
        }
      }
      if random.chance(0.3) { await jobs.advance(random.within(0...6)) }
      if random.chance(0.0003) { await jobs.advance(random.within(600...7200)) }
      if random.chance(0.0001) { await jobs.advance(3 * 86_400) }
      if random.chance(0.0005) { await jobs.advance(-random.within(1...1800)) }
    }
    // The remaining schedulers stop; a new one brings everything up to date.
    for player in tasks.keys.sorted() {
      stage.kill(player)
      await jobs.die(player)
    }
    enter()
    let last = nextPlayer - 1
    await jobs.advance(60)
    var idle = 0
    for turn in 0..<300_000 where idle < 200 {
      guard await stage.waitingPlayers().contains(last) else { break }
      idle = await jobs.isIdle ? idle + 1 : 0
      stage.release(last, turn)
      // The lease of a killed scheduler has to expire first.
      if turn < 100 { await jobs.advance(1) }
    }
    #expect(idle == 200, "not everything was made up for")
    _ = await stage.waitingPlayers()
    stage.kill(last)

    let now = await jobs.now
    let runs = await jobs.runs
    let starts = await jobs.starts
    for job in all {
      let ran = runs[job.name] ?? [:]
      // Each start after the first follows an attempt that failed or died.
      for (time, run) in ran {
        #expect((starts[job.name]?[time] ?? 0) == run.attempts, "\(job.name) \(time)")
        #expect(run.state != "running", "\(job.name) \(time)")
      }
      let begun = try #require(await jobs.begun[job.name])
      let wanted = Self.times(of: job, from: begun, through: now)
      if job.catchUp == .all, job.queues || job.name == "report" {
        let lost = wanted.filter { ran[$0] == nil }
        #expect(lost.isEmpty, "\(job.name) lost \(lost.prefix(3)) of \(wanted.count)")
      }
      #expect(ran.count > 5 || wanted.count < 6, "\(job.name) ran \(ran.count) times")
    }
    let writes = await jobs.writes
    for (job, tokens) in writes {
      #expect(tokens == tokens.sorted(), "\(job): a replaced run wrote after its successor")
    }
  }
}
