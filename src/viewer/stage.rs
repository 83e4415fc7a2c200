//! Puts the application together, with a window or without one. See [`open`] and [`take_picture`].

use std::any::Any;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use bevy::{
    app::{PluginsState, TerminalCtrlCHandlerPlugin},
    asset::RenderAssetUsages,
    log::{Level, LogPlugin},
    prelude::*,
    render::{
        RenderPlugin,
        render_resource::{TextureFormat, TextureUsages},
        settings::{Backends, WgpuSettings},
        view::screenshot::{Screenshot, ScreenshotCaptured},
    },
    tasks::tick_global_task_pools_on_main_thread,
    window::{ExitCondition, WindowResolution},
    winit::WinitPlugin,
};
use bevy_egui::EguiPlugin;

use super::{
    camera::{CameraPlugin, Canvas},
    draw::DrawPlugin,
    error::ViewError,
    frame::RunState,
    ground::Ground,
    input::InputPlugin,
    marks::{Subject, marks},
    overlay::plugin::{OverlayPlugin, Painted},
    request::Request,
    runner::{Command, Runner},
    state::{Chosen, Live, Now, Pace, Scene, take_frame},
};
use crate::{
    app::{InputRecord, RunOptions},
    platform::class::Catalogue,
    scenario::load::LoadedScenario,
};

/// Frames before a picture is taken: pipelines, textures and text need a few.
const WARM_UP: u32 = 3;
/// Frames within which a picture must come back.
const PATIENCE: u32 = 60;

/// What is shown.
#[derive(Debug, Clone)]
pub struct Source {
    /// The scenario.
    pub loaded: Arc<LoadedScenario>,
    /// The catalogue.
    pub catalogue: Arc<Catalogue>,
    /// Seed and end.
    pub options: RunOptions,
    /// What a person did in a run before, to be done again.
    pub inputs: InputRecord,
}

/// A picture, and what is on it.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// Red, green, blue, alpha, row by row from above.
    pub rgba: Vec<u8>,
    /// Symbols and the middle of each in pixels.
    pub symbols: Vec<(Subject, [f32; 2])>,
    /// Hash of the run at the moment of the picture.
    pub state_hash: u64,
    /// The picture as a PNG file.
    pub png: Vec<u8>,
}

/// Builds everything that both ways of showing share, at a time of the run.
fn build(source: &Source, request: &Request, at_s: f64, canvas: Canvas) -> Result<App, ViewError> {
    let Source {
        loaded,
        catalogue,
        options,
        inputs,
    } = source.clone();
    let runner = Runner::start(loaded, catalogue, options, &inputs)?;
    let setting = Arc::clone(&runner.setting);
    let view = request.view(&setting)?;
    let wanted = view.wanted();
    runner.tell(Command::Show(wanted));
    runner.tell(Command::Seek(at_s));
    let frame = runner.wait_for(|frame| {
        let is_there = frame.time_s + 0.5 * setting.dt_s >= at_s || frame.state != RunState::Ready;
        is_there && frame.wanted == wanted
    });
    if let RunState::Broken(why) = &frame.state {
        return Err(ViewError::Broken(why.clone()));
    }
    let ground = Ground::new(&setting.landscape.terrain);
    let marks = marks(&setting, &frame, view.viewpoint);
    let place = |unit: usize| frame.units[unit].position.truncate();
    let aim = request.aim(&setting, &marks, &ground, place)?;
    let mut app = App::new();
    app.insert_resource(Scene(setting))
        .insert_resource(Now {
            marks,
            viewpoint: view.viewpoint,
            version: 1,
            frame,
        })
        .insert_resource(Chosen(view))
        .insert_resource(Live(runner))
        .insert_resource(Pace::at_rest())
        .insert_resource(ground)
        .insert_resource(aim)
        .insert_resource(canvas);
    Ok(app)
}

/// Adds what draws.
fn add_drawing(app: &mut App) {
    app.add_plugins(EguiPlugin::default())
        .add_systems(PreUpdate, take_frame)
        .add_plugins((CameraPlugin, DrawPlugin, OverlayPlugin));
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no word why").to_owned()
}

/// Opens a window and shows the run in it until it is closed; gives back what the person did.
///
/// # Errors
/// If the world cannot be built, a name is unknown, or there is no display or no graphics driver.
pub fn open(
    source: &Source,
    request: &Request,
    at_s: f64,
    (width, height): (u32, u32),
) -> Result<InputRecord, ViewError> {
    let mut app = build(source, request, at_s, Canvas::Window)?;
    let deeds = app.world().resource::<Live>().0.inputs.clone();
    let title = app.world().resource::<Scene>().0.title.clone();
    let window = Window {
        title: format!("{title} - Tercio"),
        resolution: WindowResolution::new(width, height),
        ..default()
    };
    // Bevy and winit know no other way to say that there is no display.
    catch_unwind(AssertUnwindSafe(move || {
        app.add_plugins(
            DefaultPlugins
                .set(WindowPlugin {
                    primary_window: Some(window),
                    ..default()
                })
                .set(LogPlugin {
                    level: Level::WARN,
                    ..default()
                }),
        );
        add_drawing(&mut app);
        app.add_plugins(InputPlugin).run();
    }))
    .map_err(|panic| ViewError::Graphics {
        cause: words(panic.as_ref()),
        cure: "a window needs an X11 display and a Vulkan driver; `--screenshot FILE --at TIME` \
               needs the driver only",
    })?;
    Ok(deeds.record())
}

/// Runs to a time and draws one picture, without a window.
///
/// # Errors
/// If the world cannot be built, a name is unknown, an invariant breaks on the way, or there is no
/// graphics driver.
pub fn take_picture(
    source: &Source,
    request: &Request,
    at_s: f64,
    (width, height): (u32, u32),
) -> Result<Picture, ViewError> {
    let format = TextureFormat::Rgba8UnormSrgb;
    let mut image = Image::new_target_texture(width, height, format, None);
    image.texture_descriptor.usage |= TextureUsages::COPY_SRC;
    image.asset_usage = RenderAssetUsages::all();
    // The image joins the assets once there are any.
    let mut app = build(source, request, at_s, Canvas::Image(Handle::default()))?;
    // Without an adapter the renderer panics; it has no other way to say so.
    let started = catch_unwind(AssertUnwindSafe(move || {
        app.add_plugins(
            DefaultPlugins
                .build()
                .disable::<WinitPlugin>()
                .disable::<LogPlugin>()
                .disable::<TerminalCtrlCHandlerPlugin>()
                .set(WindowPlugin {
                    primary_window: None,
                    exit_condition: ExitCondition::DontExit,
                    ..default()
                })
                .set(RenderPlugin {
                    synchronous_pipeline_compilation: true,
                    render_creation: WgpuSettings {
                        backends: Some(Backends::PRIMARY),
                        ..default()
                    }
                    .into(),
                    ..default()
                }),
        );
        let target = app.world_mut().resource_mut::<Assets<Image>>().add(image);
        app.insert_resource(Canvas::Image(target.clone()));
        add_drawing(&mut app);
        while app.plugins_state() == PluginsState::Adding {
            tick_global_task_pools_on_main_thread();
        }
        app.finish();
        app.cleanup();
        for _ in 0..WARM_UP {
            app.update();
        }
        (app, target)
    }));
    let (app, target) = started.map_err(|panic| ViewError::Graphics {
        cause: words(panic.as_ref()),
        cure: "a picture needs a Vulkan driver, for example that of Mesa, which needs no card",
    })?;
    let image = capture(app, target)?;
    encode(image)
}

/// What was drawn, where, and the hash of the run.
type Captured = (Image, Vec<(Subject, [f32; 2])>, u64);

/// Waits for the picture.
fn capture(mut app: App, target: Handle<Image>) -> Result<Captured, ViewError> {
    let caught: Arc<Mutex<Option<Image>>> = Arc::default();
    let basket = Arc::clone(&caught);
    app.world_mut().spawn(Screenshot::image(target)).observe(
        move |shot: On<'_, '_, ScreenshotCaptured>| {
            let mut basket = basket.lock().unwrap_or_else(PoisonError::into_inner);
            *basket = Some(shot.image.clone());
        },
    );
    for _ in 0..PATIENCE {
        app.update();
        let image = caught.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(image) = image else {
            continue;
        };
        let marks = &app.world().resource::<Now>().marks;
        let placed = &app.world().resource::<Painted>().0.placed;
        let symbols = placed
            .iter()
            .map(|it| (marks[it.mark].subject, it.rect.center().into()))
            .collect();
        let live = app.world_mut().remove_resource::<Live>();
        let stopped = live.and_then(|live| live.0.stop());
        return Ok((image, symbols, stopped.map_or(0, |it| it.state_hash)));
    }
    Err(ViewError::NoPicture(PATIENCE))
}

/// Encodes the picture.
fn encode((image, symbols, state_hash): Captured) -> Result<Picture, ViewError> {
    let failed = |cause: String| ViewError::Encoding(cause);
    let dynamic = image
        .try_into_dynamic()
        .map_err(|e| failed(e.to_string()))?;
    let rgb = dynamic.to_rgb8();
    let mut png = Cursor::new(Vec::new());
    let format = ImageFormat::Png
        .as_image_crate_format()
        .ok_or_else(|| failed("no PNG".to_owned()))?;
    rgb.write_to(&mut png, format)
        .map_err(|e| failed(e.to_string()))?;
    Ok(Picture {
        size: rgb.dimensions(),
        rgba: dynamic.to_rgba8().into_raw(),
        symbols,
        state_hash,
        png: png.into_inner(),
    })
}
