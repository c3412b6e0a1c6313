import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import { addConceptsCommand } from './conceptsCommand.ts';
import { addAuditCommand } from './auditCommand.ts';
import { addCompareCommand } from './compareCommand.ts';
import { addDatasetsCommand } from './datasetsCommand.ts';
import { addEngineCommand } from './engineCommand.ts';
import { addCamCommand } from './camCommand.ts';
import { addExampleCommands } from './examplesCommand.ts';
import { addExplainCommand } from './explainCommand.ts';
import { addExperimentCommands } from './experimentCommands.ts';
import { addFigureCommands } from './figureCommand.ts';
import {
  describeError,
  describeErrorAsJson,
  exitCodeOf,
  Paused,
  terminalOutput,
} from './output.ts';
import { addReportCommands } from './reportCommands.ts';
import { addRunsCommand } from './runsCommand.ts';
import { addServeCommand } from './serveCommand.ts';
import { addStudyCommand } from './study/studyCommand.ts';
import { addCompact } from './spaceCommands.ts';
import { addResumeCommand, addTrainCommand } from './trainCommand.ts';

function buildProgram(): Command {
  const program = new Command('afterimage');
  program
    .description('train image classifiers on their own class activation maps')
    .version(version)
    .option('--data-dir <folder>', 'where everything is kept (or AFTERIMAGE_DATA_DIR)')
    .option(
      '--json',
      'one JSON document on stdout, everything else on stderr; an error is its last line, {"error": {code, message, remedy}}',
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 unusable arguments, 130 paused by Ctrl-C or SIGTERM (resume goes on).',
    )
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  addExperimentCommands(program);
  addTrainCommand(program);
  addResumeCommand(program);
  addRunsCommand(program);
  addStudyCommand(program);
  addExampleCommands(program);
  addCamCommand(program);
  addExplainCommand(program);
  addConceptsCommand(program);
  addAuditCommand(program);
  addCompareCommand(program);
  addDatasetsCommand(program);
  addEngineCommand(program);
  addReportCommands(program);
  addCompact(program);
  addFigureCommands(program);
  addServeCommand(program);
  for (const command of listCommands(program)) inherit(command, program);
  return program;
}

const listCommands = (parent: Command): Command[] =>
  parent.commands.flatMap((command) => [command, ...listCommands(command)]);

/** The common options are taken before and after a command's name alike. */
function inherit(command: Command, program: Command): void {
  command.copyInheritedSettings(program);
  command.option('--data-dir <folder>').option('--json');
}

/** Whether JSON was asked for, be it on a command line that could not be understood. */
function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end < 0 ? words.length : end).includes('--json');
}

/** Says what ended a command. @returns the exit code */
function reportError(error: unknown, json: boolean): number {
  if (error instanceof Paused) return error.exitCode;
  const isCommander = error instanceof CommanderError;
  if (isCommander && error.exitCode === 0) return 0;
  if (!isCommander || error.code !== 'commander.help') {
    terminalOutput.note(json ? describeErrorAsJson(error) : describeError(error));
  }
  return isCommander ? 2 : exitCodeOf(error);
}

/** Runs the command line. @returns the exit code */
export async function runProgram(words: readonly string[]): Promise<number> {
  const program = buildProgram();
  try {
    await program.parseAsync(words, { from: 'user' });
    return 0;
  } catch (error) {
    return reportError(error, asksForJson(words));
  }
}
