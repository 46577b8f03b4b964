import Foundation
import Notifications

/// The program.
@main
struct Payops {
  static func main() async {
    // Payments, keys and logs are nobody else's, whatever files and folders the caller makes.
    umask(0o077)
    // A mariadbd asks these instead.
    setenv("UMASK", "0600", 1)
    setenv("UMASK_DIR", "0700", 1)
    // Before there are threads, as the library of transfers asks; others need not wait for it.
    if CommandLine.arguments.contains("notify") { NotificationSender.prepare() }
    let code = await Program(tree: .payops).run(
      Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
    exit(code.rawValue)
  }
}

extension CommandTree {
  /// All verbs, in the order in which help lists them; a new verb is one more line here.
  static let payops = CommandTree(
    name: "payops", summary: "payment operations, measured inside the database",
    verbs: [
      DemoCommand(),
      HealthCommand(),
      DeployCommand(),
      GenerateCommand(),
      ImportCommand(),
      KPICommand(),
      MetricsCommand(),
      BICommand(),
      MonitorCommand(),
      DetectCommand(),
      AlertsCommand(),
      RefreshCommand(),
      ReconcileCommand(),
      IntegrityCommand(),
      SealCommand(),
      RulesCommand(),
      CasesCommand(),
      RiskCommand(),
      AuditCommand(),
      JobsCommand(),
      RunCommand(),
      ServeCommand(),
      TokenCommand(),
      NotifyCommand(),
      BackupCommand(),
      RestoreCommand(),
      PrivacyCommand(),
      RolesCommand(),
      DoctorCommand(),
      ConfigCommand(),
      ServerCommand(),
      CompletionsCommand(),
      HelpCommand(),
      VersionCommand(),
    ])
}
