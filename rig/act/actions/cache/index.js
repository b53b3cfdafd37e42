console.log(`no cache on the rig: ${process.env.INPUT_KEY ?? ''} is a miss`);
