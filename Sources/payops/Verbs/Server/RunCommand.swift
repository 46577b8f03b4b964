import EmbeddedServer
import Foundation
import PayopsCore
import Processes
import Scheduling
import Tabular

/// `payops run`: the daemon.
struct RunCommand: DatabaseVerb {
  static let log = Option.choice(
    "log", "FORM", ["text", "json"], "form of the log on standard output (default text)")
  static let once = Flag("once", help: "start what is due, wait for it, and end")
  static let drain = Option.integer(
    "drain", "SECONDS", in: 0...86_400,
    "how long jobs may continue after SIGTERM (default 60)")
  static let lease = Option.integer(
    "lease", "SECONDS", in: 2...3600,
    "how long others wait for this one when it is silent (default 15)")

  let name = "run"
  let summary = "run the scheduled jobs until told to end"
  let discussion = """
    Stays in the foreground and starts jobs when they are due. Any number may run, on any
    hosts: one at a time has the lease and starts jobs, the others wait for their turn.
    A database that is away is waited for; what was missed is made up for as each job
    says. SIGTERM and Ctrl-C wait for the jobs under way, SIGHUP reads the configuration
    again. Under systemd it reports readiness and serves the watchdog.

    With --once it is a scheduler for cron: it starts what is due and ends. With --listen
    it also answers the HTTP API, the dashboard and metrics, as `payops serve` does.
    """
  let options =
    [log.declaration, once.declaration, drain.declaration, lease.declaration] + ServeOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    var settings = Daemon.Settings()
    settings.isOneTick = invocation[Self.once]
    if let seconds = invocation[Self.drain] { settings.drain = .seconds(seconds) }
    if let seconds = invocation[Self.lease] {
      settings.leaseSeconds = seconds
      settings.longestWait = min(settings.longestWait, .seconds(seconds) / 3)
    }
    let reload = ReloadRequest()
    let hangup = SignalWatch(SIGHUP) { reload.set() }
    defer { hangup.cancel() }
    let log = ServiceLog(
      isJSON: invocation.console.isJSON || invocation[Self.log] == "json"
    ) { line in
      // The reader of the log may have ended; the work continues.
      try? Console.write(line, to: STDOUT_FILENO)
    }
    let service = try await Self.service(for: invocation, log)
    let daemon = Daemon(
      settings: settings, log: log, manager: ServiceManager(),
      database: {
        let target = try DatabaseTarget(for: invocation)
        return (try await target.connectionOptions(), target.description)
      },
      program: { invocation.commandLine($0) }, reload: reload)
    try service?.start()
    if let service { log.write(.info, "serving", ["url": service.url]) }
    do {
      try await daemon.run()
    } catch {
      await service?.stop()
      throw error
    }
    await service?.stop()
    return .ok
  }

  /// What answers HTTP beside the jobs; nil when nobody asks for it.
  private static func service(
    for invocation: Invocation, _ log: ServiceLog
  ) async throws -> DashboardService? {
    guard invocation[ServeOptions.listen] != nil else {
      for (isGiven, name) in [
        (invocation[ServeOptions.accounts] != nil, "--accounts"),
        (invocation[ServeOptions.publicHosts] != nil, "--public-host"),
        (invocation[ServeOptions.isSecure], "--https"),
      ] where isGiven {
        throw Fault.usage(
          "\(name) is about HTTP, which is not served", hint: "say where with --listen")
      }
      return nil
    }
    guard !invocation[Self.once] else {
      throw Fault.usage(
        "--once ends when what is due is done, --listen serves until it is stopped",
        hint: "leave one of them out")
    }
    return try await ServeOptions.service(for: invocation) {
      log.write(.error, "request_failed", ["message": $0])
    }
  }
}
