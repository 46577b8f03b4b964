// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// For modules whose tests go through much data or many statements: what this costs the compiler is
/// less than what it saves the tests. For Simulation it is not.
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], plugins: [Target.PluginUsage]? = nil,
  more: [SwiftSetting] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, swiftSettings: settings + more, plugins: plugins)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
  name: "payops",
  products: [.executable(name: "payops", targets: ["payops"])],
  targets: [
    // System libraries.
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
      name: "CMariaDB", pkgConfig: "libmariadb", providers: [.apt(["libmariadb-dev"])]),
    .systemLibrary(
      name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

    // The SQL of `sql/` and `procedures/` travels inside the binary.
    .executableTarget(name: "EmbedSQL", swiftSettings: settings),
    .plugin(name: "EmbedSQLPlugin", capability: .buildTool(), dependencies: ["EmbedSQL"]),

    // Modules, each depending only on those above it.
    module("PayopsCore", more: optimized),
    module("Cryptography", ["CSodium", "PayopsCore"], more: optimized),
    module("Processes", ["PayopsCore"]),
    module("Statistics", more: optimized),
    module("MariaDBClient", ["CMariaDB", "PayopsCore"], more: optimized),
    module("Tabular", ["MariaDBClient", "PayopsCore"]),
    module("Catalogue", ["MariaDBClient", "PayopsCore", "Tabular"]),
    module(
      "Schema", ["MariaDBClient", "PayopsCore", "Tabular"], plugins: ["EmbedSQLPlugin"],
      more: optimized),
    module("EmbeddedServer", ["MariaDBClient", "PayopsCore", "Processes", "Schema", "Tabular"]),
    module("Simulation", ["MariaDBClient", "PayopsCore", "Tabular"]),
    module("Ingest", ["CZlib", "MariaDBClient", "PayopsCore", "Tabular"], more: optimized),
    module("Detection", ["Ingest", "PayopsCore", "Statistics", "Tabular"]),
    module(
      "Monitoring", ["MariaDBClient", "PayopsCore", "Statistics", "Tabular"], more: optimized),
    module("Notifications", ["CCurl", "Cryptography", "PayopsCore"]),
    module("Alerting", ["MariaDBClient", "Notifications", "PayopsCore", "Tabular"]),
    module(
      "Backup",
      [
        "CZstd", "Cryptography", "MariaDBClient", "PayopsCore", "Processes", "Schema", "Tabular",
      ],
      more: optimized),
    module(
      "Restore",
      ["Backup", "EmbeddedServer", "MariaDBClient", "PayopsCore", "Schema", "Tabular"],
      more: optimized),
    module("Scheduling", ["MariaDBClient", "PayopsCore", "Processes", "Tabular"]),
    module("Sealing", ["Cryptography", "MariaDBClient", "PayopsCore"]),
    module("Integrity", ["MariaDBClient", "PayopsCore", "Sealing", "Tabular"]),
    module("Risk", ["MariaDBClient", "PayopsCore", "Tabular"]),
    module("Metrics", ["Catalogue", "MariaDBClient", "PayopsCore"]),
    module("BusinessIntelligence", ["Catalogue", "Cryptography", "PayopsCore", "Tabular"]),
    module(
      "Health",
      ["Backup", "MariaDBClient", "PayopsCore", "Restore", "Schema", "Tabular"]),
    module(
      "Demo",
      [
        "Backup", "EmbeddedServer", "Health", "Integrity", "MariaDBClient", "Monitoring",
        "PayopsCore", "Restore", "Risk", "Schema", "Simulation", "Tabular",
      ]),
    .executableTarget(
      name: "payops",
      dependencies: [
        "Alerting", "Backup", "BusinessIntelligence", "Catalogue", "Demo", "Detection",
        "EmbeddedServer", "Health", "Ingest", "Integrity", "MariaDBClient", "Metrics", "Monitoring",
        "Notifications", "PayopsCore", "Processes", "Restore", "Risk", "Scheduling", "Schema",
        "Sealing", "Simulation", "Tabular",
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "payops-bench",
      dependencies: [
        "EmbeddedServer", "MariaDBClient", "PayopsCore", "Processes", "Schema", "Simulation",
        "Tabular",
      ],
      path: "Sources/PayopsBench",
      swiftSettings: settings),

    // Tests.
    .target(
      name: "TestSupport",
      dependencies: [
        "EmbeddedServer", "MariaDBClient", "Notifications", "PayopsCore", "Processes", "Schema",
      ],
      path: "Tests/Support", exclude: ["Programs", "Releases"], swiftSettings: settings),
    tests("PayopsCoreTests", ["PayopsCore"]),
    tests("CryptographyTests", ["Cryptography", "PayopsCore"]),
    tests("ProcessesTests", ["PayopsCore", "Processes", "TestSupport"]),
    tests("StatisticsTests", ["PayopsCore", "Statistics"]),
    tests("TabularTests", ["MariaDBClient", "PayopsCore", "Tabular", "TestSupport"]),
    tests(
      "CatalogueTests", ["Catalogue", "MariaDBClient", "PayopsCore", "Tabular", "TestSupport"]),
    tests(
      "MetricsTests",
      ["Catalogue", "MariaDBClient", "Metrics", "PayopsCore", "Schema", "TestSupport"]),
    tests(
      "BusinessIntelligenceTests",
      [
        "BusinessIntelligence", "Catalogue", "MariaDBClient", "PayopsCore", "Tabular",
        "TestSupport",
      ]),
    tests("MariaDBClientTests", ["MariaDBClient", "PayopsCore", "Processes", "TestSupport"]),
    tests("EmbeddedServerTests", ["EmbeddedServer", "MariaDBClient", "PayopsCore", "TestSupport"]),
    tests(
      "SchemaTests", ["EmbeddedServer", "MariaDBClient", "PayopsCore", "Schema", "TestSupport"]),
    tests(
      "SimulationTests", ["MariaDBClient", "PayopsCore", "Schema", "Simulation", "TestSupport"],
      exclude: ["Golden"]),
    tests("IngestTests", ["Ingest", "MariaDBClient", "PayopsCore", "Schema", "TestSupport"]),
    tests(
      "MonitoringTests",
      [
        "Ingest", "MariaDBClient", "Monitoring", "PayopsCore", "Schema", "Statistics",
        "TestSupport",
      ]),
    tests(
      "BackupTests",
      [
        "Backup", "Cryptography", "EmbeddedServer", "MariaDBClient", "PayopsCore", "Restore",
        "Schema", "TestSupport",
      ]),
    tests(
      "HealthTests",
      ["Backup", "Health", "MariaDBClient", "PayopsCore", "Schema", "Tabular", "TestSupport"]),
    tests(
      "NotificationsTests", ["Cryptography", "Notifications", "PayopsCore", "TestSupport"],
      exclude: ["Golden"]),
    tests(
      "AlertingTests", ["Alerting", "MariaDBClient", "Notifications", "PayopsCore", "TestSupport"]),
    tests("SchedulingTests", ["MariaDBClient", "PayopsCore", "Scheduling", "TestSupport"]),
    tests(
      "SQLTests",
      ["MariaDBClient", "PayopsCore", "Schema", "Sealing", "Statistics", "TestSupport"],
      exclude: ["Golden"]),
    tests(
      "PayopsTests",
      [
        "Backup", "EmbeddedServer", "Health", "Ingest", "MariaDBClient", "Monitoring", "PayopsCore",
        "Schema", "Sealing", "Simulation", "Tabular", "payops",
      ]),
    tests(
      "DemoTests",
      ["Demo", "EmbeddedServer", "MariaDBClient", "PayopsCore", "Tabular", "TestSupport"]),
    tests("BenchTests", ["payops-bench"]),
    tests(
      "CLITests",
      ["Cryptography", "Health", "MariaDBClient", "PayopsCore", "TestSupport", "payops"],
      exclude: ["Outputs", "Snapshots"]),
  ]
)
