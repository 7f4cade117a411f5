package main

// commandLine is everything that can be typed after "liandong": flags for all commands, then the commands.
//
// A new command is one file named after it, with a type
//
//	type figureCommand struct {
//		cityFlags                                            // when the command opens a city
//		Name string `arg:"" help:"指标名称。 Name of the figure."`
//	}
//
//	func (c *figureCommand) Run(ctx context.Context, p *program) error
//
// a line below, in the order in which a newcomer meets the commands, and a script in testdata/script. Run wires packages together
// and decides nothing. It gives its result to p.answer, so that --json works everywhere, reports progress on p.stderr, leaves what
// must be shut at the end with p.later, and returns an error of package errs, whose kind becomes the exit code. Help is one
// sentence in Chinese, then one in English.
type commandLine struct {
	JSON bool   `name:"json" help:"结果输出为一个 JSON 文档。 Print the result as one JSON document."`
	Lang string `enum:"zh,en," default:"" placeholder:"zh|en" help:"只用一种语言显示信息（zh 或 en），默认两种都显示。 Show messages in one language only; both by default."`

	Init     initCommand     `cmd:"" help:"建立一座城市的登记册。 Make the register of a city."`
	Demo     demoCommand     `cmd:"" help:"建立演示城市。 Make the demonstration city."`
	Serve    serveCommand    `cmd:"" help:"提供网页和接口服务。 Serve the pages and the API."`
	Export   exportCommand   `cmd:"" help:"导出表格。 Export tables."`
	Criteria criteriaCommand `cmd:"" help:"检查、打印、比较和试算识别标准。 Check, print, compare and try criteria documents."`
	Identify identifyGroup   `cmd:"" help:"按识别标准评定农户。 Evaluate households by a criteria document."`
	Import   importCommand   `cmd:"" help:"导入表格。 Import tables."`
	Figure   figureCommand   `cmd:"" help:"查一个指标的数和出处。 Quote a figure with its proof."`
	Claim    claimCommand    `cmd:"" help:"核对公开数据的口径。 Check public claims."`
	Measure  measureCommand  `cmd:"" help:"计算贫困和不平等指标。 Measure poverty and inequality."`
	Brief    briefCommand    `cmd:"" help:"起草汇报，每个数都有出处。 Draft a briefing in which every number can be opened."`
	Change   changeCommand   `cmd:"" help:"比较两期的贫困。 Compare the poverty of two dates."`
	Grouped  groupedCommand  `cmd:"" help:"由公布的分组数据估计贫困。 Estimate poverty from published classes."`
	Target   targetCommand   `cmd:"" name:"targeting" help:"核对识别的准确程度，拟合代理家计测算。 How well an identification targets, and fitting means tests."`
	Matter   matterCommand   `cmd:"" help:"问题台账和督办事项。 Problems and supervised decisions."`
	Case     caseCommand     `cmd:"" help:"一站式办件。 Investors' cases."`
	Strategy strategyCommand `cmd:"" help:"战略目标、指标和外推。 Aims, their indicators and where they lead."`
	Audit    auditCommand    `cmd:"" help:"核对日志。 Check the log."`
	Backup   backupCommand   `cmd:"" help:"备份一座城市，运行中也可以。 Back up a city, while it is being served too."`
	Restore  restoreCommand  `cmd:"" help:"从备份恢复。 Restore a backup."`
	Doctor   doctorCommand   `cmd:"" help:"检查安装有什么问题。 Say what is wrong with an installation."`
	Bench    benchCommand    `cmd:"" help:"测速，并记下结果。 Measure how fast it is, and keep the result."`
	Version  versionCommand  `cmd:"" help:"显示程序版本。 Print the version of the program."`
}
